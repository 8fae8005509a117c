/**
 * Scores of 20 cases in the way of a reader's five-point scale (a) and of a probability (b), and what R 4.2.2
 * with pROC 1.18.0 makes of them:
 *
 * ```r
 * library(pROC); options(digits = 17)
 * y <- c(1,1,1,1,1,1,1,1, 0,0,0,0,0,0,0,0,0,0,0,0)
 * a <- c(5,4,4,3,5,2,4,3, 1,2,3,1,2,4,3,1,2,2,5,3)
 * b <- c(.9,.8,.35,.6,.75,.4,.55,.2, .1,.3,.5,.25,.45,.7,.15,.05,.4,.65,.35,.2)
 * ra <- roc(y, a, levels = 0:1, direction = "<"); rb <- roc(y, b, levels = 0:1, direction = "<")
 * auc(ra); ci.auc(ra); var(ra); auc(rb); ci.auc(rb); var(rb)
 * roc.test(ra, rb, paired = TRUE)[c("statistic", "p.value", "conf.int")]
 * i <- c(1:5, 9:16); j <- setdiff(1:20, i)   # different cases
 * roc.test(roc(y[i], a[i], levels = 0:1, direction = "<"), roc(y[j], a[j], levels = 0:1, direction = "<"), paired = FALSE)
 * coords(rb, "best", transpose = FALSE)
 * ```
 */
export const golden = {
  labels: [1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  a: [5, 4, 4, 3, 5, 2, 4, 3, 1, 2, 3, 1, 2, 4, 3, 1, 2, 2, 5, 3],
  b: [
    0.9, 0.8, 0.35, 0.6, 0.75, 0.4, 0.55, 0.2, 0.1, 0.3, 0.5, 0.25, 0.45, 0.7, 0.15, 0.05, 0.4, 0.65, 0.35,
    0.2,
  ],
};
