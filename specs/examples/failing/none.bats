# A file of bats in which no test was written yet.
