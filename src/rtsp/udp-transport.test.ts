import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { UdpTransport } from './udp-transport.ts';

const LOOPBACK = '127.0.0.1';

async function openPeer(address = LOOPBACK) {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  return socket;
}

describe('UdpTransport', () => {
  it('listens on an even port and the next one', async () => {
    const transport = await UdpTransport.open({ localAddress: LOOPBACK, remoteAddress: LOOPBACK });
    const peer = await openPeer();
    const rtp = new Promise<string>((resolve) => {
      transport.onRtp = (bytes) => resolve(Buffer.from(bytes).toString());
    });
    const rtcp = new Promise<string>((resolve) => {
      transport.onRtcp = (bytes) => resolve(Buffer.from(bytes).toString());
    });
    peer.send('media', transport.rtpPort, LOOPBACK);
    peer.send('report', transport.rtpPort + 1, LOOPBACK);
    expect(await rtp).toBe('media');
    expect(await rtcp).toBe('report');
    expect(transport.rtpPort % 2).toBe(0);
    transport.close();
    transport.close();
    peer.close();
  });

  it('drops and counts packets from another address', async () => {
    const transport = await UdpTransport.open({ localAddress: LOOPBACK, remoteAddress: LOOPBACK });
    const stranger = await openPeer('127.0.0.2');
    const camera = await openPeer();
    const first = new Promise<string>((resolve) => {
      transport.onRtp = (bytes) => resolve(Buffer.from(bytes).toString());
    });
    await new Promise<void>((resolve) => {
      stranger.send('forged', transport.rtpPort, LOOPBACK, () => resolve());
    });
    camera.send('media', transport.rtpPort, LOOPBACK);
    expect(await first).toBe('media');
    expect(transport.foreignPackets).toBe(1);
    transport.close();
    stranger.close();
    camera.close();
  });

  it('sends reports to the port that the camera named, and a packet first to open the way for media', async () => {
    const transport = await UdpTransport.open({ localAddress: LOOPBACK, remoteAddress: LOOPBACK });
    const [rtp, rtcp] = [await openPeer(), await openPeer()];
    transport.sendRtcp(Buffer.from('too early'));
    const punched = once(rtp, 'message');
    const reported = once(rtcp, 'message');
    transport.aimAt([rtp.address().port, rtcp.address().port]);
    transport.sendRtcp(Buffer.from('report'));
    expect((await punched)[1]).toMatchObject({ port: transport.rtpPort });
    expect(String((await reported)[0])).toBe('report');
    transport.close();
    transport.sendRtcp(Buffer.from('too late'));
    rtp.close();
    rtcp.close();
  });
});
