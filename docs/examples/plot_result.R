# Draw the outcomes of a result, and who is at war, with 95 % intervals.
#
#   Rscript plot_result.R RESULT.h5 FIGURE.pdf
#   Rscript plot_result.R RESULT.h5 FIGURE.pdf base
#
# The chart is ggplot2's where that package is installed. With "base", or without the package, it is
# drawn with R alone.

library(ncdf4)

arguments <- commandArgs(trailingOnly = TRUE)
is_base <- length(arguments) == 3 && arguments[3] == "base"
if (length(arguments) != 2 && !is_base) {
  stop('expected a result and the name of a figure, and "base" or nothing')
}
uses_ggplot2 <- !is_base && requireNamespace("ggplot2", quietly = TRUE)

# Wilson's interval of a share, as mcescalate prints it.
wilson <- function(count, n, level = 0.95) {
  z <- qnorm(0.5 + level / 2)
  share <- count / n
  middle <- (share + z^2 / (2 * n)) / (1 + z^2 / n)
  half <- z * sqrt(share * (1 - share) / n + (z / (2 * n))^2) / (1 + z^2 / n)
  data.frame(probability = share, lower = middle - half, upper = middle + half)
}

result <- nc_open(arguments[1])
n_chains <- as.numeric(ncvar_get(result, "n_chains"))

# Counts are integers along named dims; R lists dims in the opposite order of Python.
outcome <- ncvar_get(result, "outcome")
outcomes <- data.frame(
  outcome = outcome,
  wilson(as.numeric(ncvar_get(result, "outcome_count")), n_chains)
)
at_war <- colSums(ncvar_get(result, "actor_war_count"))  # (side, actor): both sides
actors <- data.frame(actor = ncvar_get(result, "actor"), wilson(at_war, n_chains))
title <- ncatt_get(result, 0, "title")$value
seed <- ncatt_get(result, 0, "seed")$value
nc_close(result)

print(format(outcomes, digits = 3), row.names = FALSE)

draw_with_ggplot2 <- function(path) {
  library(ggplot2)
  drawn <- rbind(
    data.frame(panel = "How crises end", label = gsub("_", " ", outcomes$outcome), outcomes[-1]),
    data.frame(panel = "At war at the end", label = actors$actor, actors[-1])
  )
  drawn$panel <- factor(drawn$panel, levels = unique(drawn$panel))
  drawn$label <- reorder(drawn$label, drawn$probability)
  chart <- ggplot(drawn, aes(100 * probability, label)) +
    geom_col(fill = "#56b4e9") +
    geom_linerange(aes(xmin = 100 * lower, xmax = 100 * upper)) +
    facet_wrap(~panel, scales = "free") +
    labs(x = "share of chains (%), 95 % intervals", y = NULL, title = title, caption = paste("seed", seed)) +
    theme_minimal()
  ggsave(path, chart, width = 8, height = 4)
}

draw_with_base <- function(path) {
  bars <- function(labels, table, heading) {
    order <- order(table$probability)
    percent <- 100 * table[order, c("probability", "lower", "upper")]
    places <- barplot(
      percent$probability, names.arg = labels[order], horiz = TRUE, las = 1, border = NA,
      col = "#56b4e9", xlim = c(0, 1.05 * max(percent$upper)),
      xlab = "share of chains (%), 95 % intervals", main = heading
    )
    arrows(percent$lower, places, percent$upper, places, length = 0.03, angle = 90, code = 3)
  }
  pdf(path, width = 8, height = 4)
  par(mfrow = c(1, 2), mar = c(4, 7, 3, 1))
  bars(gsub("_", " ", outcomes$outcome), outcomes, title)
  bars(actors$actor, actors, paste("At war at the end; seed", seed))
  invisible(dev.off())
}

if (uses_ggplot2) draw_with_ggplot2(arguments[2]) else draw_with_base(arguments[2])
cat("drawn with", if (uses_ggplot2) "ggplot2" else "base graphics", "\n")
