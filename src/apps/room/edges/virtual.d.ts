declare module "virtual:attributes" {
  const packed: string;
  export default packed;
}
