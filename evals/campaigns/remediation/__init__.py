"""The pieces of the campaign that kills remediations: the systems they change, the processes that die, the judge."""
