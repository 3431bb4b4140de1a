"""The effect of a programme: what its report computes, and how the report is written."""
