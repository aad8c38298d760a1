/** From the least to the most that somebody may do. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;

/** `viewer` watches; `operator` also changes and exports recordings and events; `admin` does everything. */
export type Role = (typeof ROLES)[number];

/** How somebody showed who he is. */
export type Credential =
  | { readonly kind: 'session'; readonly id: number }
  | { readonly kind: 'token'; readonly id: number; readonly name: string };

export interface UserOptions {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  /** The cameras that he may see; null for all, also those to come. */
  readonly cameras: readonly string[] | null;
  readonly credential: Credential;
}

/** Somebody who has shown who he is, and what he may. With a token that is no more than the token's scope. */
export class User {
  readonly id: number;
  readonly name: string;
  readonly role: Role;
  readonly cameras: readonly string[] | null;
  readonly credential: Credential;

  constructor({ id, name, role, cameras, credential }: UserOptions) {
    this.id = id;
    this.name = name;
    this.role = role;
    this.cameras = cameras;
    this.credential = credential;
  }

  /** Whether he may do what is for this role. */
  may(role: Role): boolean {
    return isAtLeast(this.role, role);
  }

  maySee(camera: string): boolean {
    return this.cameras?.includes(camera) ?? true;
  }
}

export function isAtLeast(role: Role, least: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(least);
}
