/** The few functions of jstat that are used here; the package ships no types. */
declare module "jstat" {
  export const jStat: {
    readonly studentt: { inv(p: number, df: number): number };
    readonly normal: { inv(p: number, mean: number, sd: number): number };
    readonly chisquare: { cdf(x: number, df: number): number };
  };
}
