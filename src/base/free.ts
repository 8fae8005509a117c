/** Gives an array's memory back now, not when garbage is next collected; it and all that shares its memory are empty then. */
export const free = ({ buffer }: Float32Array | Uint8Array): void => void (buffer as ArrayBuffer).transfer(0);
