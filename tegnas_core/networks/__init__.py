"""Architectures become networks: what each space gives to the indicators, and the weights it starts from.

`proxy` says what is asked of a space's networks, `one_repeat` fills them; one file a space, and one for the
supernets of both.
"""

from tegnas_core.networks.darts import DartsNetworks as DartsNetworks
from tegnas_core.networks.nasbench201 import Cell as Cell
from tegnas_core.networks.nasbench201 import Head as Head
from tegnas_core.networks.nasbench201 import NASBench201Networks as NASBench201Networks
from tegnas_core.networks.nasbench201 import build_network as build_network
from tegnas_core.networks.nasbench201 import build_thin_network as build_thin_network
from tegnas_core.networks.nasbench201 import what_to_build as what_to_build
from tegnas_core.networks.one_repeat import proxy_network as proxy_network
from tegnas_core.networks.proxy import ProxyNetworks as ProxyNetworks
from tegnas_core.networks.proxy import Role as Role
from tegnas_core.networks.supernets import DartsSupernetNetworks as DartsSupernetNetworks
from tegnas_core.networks.supernets import SupernetNetworks as SupernetNetworks
