"""What a plan edits, read and checked: a frozen `Configuration`, or every fault by file and line."""

from pipeline.configuration.load import Configuration, load_configuration
from pipeline.configuration.partners import Partner
from pipeline.configuration.problems import ConfigurationProblem, Problem
from pipeline.configuration.schedule import RemittanceSchedule
from pipeline.configuration.settings import Limits, PlanIdentity

__all__ = [
    "Configuration",
    "ConfigurationProblem",
    "Limits",
    "Partner",
    "PlanIdentity",
    "Problem",
    "RemittanceSchedule",
    "load_configuration",
]
