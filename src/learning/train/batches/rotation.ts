/** Rotation about each axis in turn, a 3 × 3 matrix by rows. @param angles about x, y and z, radians */
export function rotationOf(angles: readonly number[]): number[] {
  const [ca, cb, cc] = angles.map(Math.cos);
  const [sa, sb, sc] = angles.map(Math.sin);
  return [
    cb * cc,
    sa * sb * cc - ca * sc,
    ca * sb * cc + sa * sc,
    cb * sc,
    sa * sb * sc + ca * cc,
    ca * sb * sc - sa * cc,
    -sb,
    sa * cb,
    ca * cb,
  ];
}
