/** A camera's name is also its folder's name, on every file system; a zone's may become one. */
export const SAFE_NAME = /^(?=.{1,64}$)[A-Za-z0-9_-]([A-Za-z0-9 _.-]*[A-Za-z0-9_-])?$/;
