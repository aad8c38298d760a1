import { PacketMemory } from '../packet-memory.ts';

/** Memory that knows how many hold it, those who got it aside. */
export class CountedMemory extends PacketMemory {
  holders = 0;

  constructor() {
    super(Buffer.alloc(0));
  }

  override hold(): void {
    this.holders += 1;
  }

  override release(): void {
    this.holders -= 1;
  }
}
