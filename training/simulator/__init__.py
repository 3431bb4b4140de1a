"""Simulated programmes with a known truth: risks, potential outcomes, and the records of them."""

from training.simulator.simulation import Simulation, simulate
from training.simulator.storage import write_simulation

__all__ = ["Simulation", "simulate", "write_simulation"]
