"""What boto3's resources have: collections, and actions on whole collections.

Source: boto3/data/*/*/resources-1.json (`hasMany`, `batchActions`), names in snake case.
"""

from __future__ import annotations

_COLLECTIONS = """
accepted_vpc_peering_connections access_keys alarms associations attached_groups attached_policies
attached_roles attached_users buckets classic_addresses completed_jobs dead_letter_source_queues
dhcp_options_sets endpoints events failed_jobs groups images instance_profiles instances
internet_gateways jobs jobs_in_progress key_pairs metrics mfa_devices multipart_uplaods
multipart_uploads network_acls network_interfaces object_versions objects parts placement_groups
platform_applications policies queues requested_vpc_peering_connections resource_summaries roles
route_tables saml_providers security_groups server_certificates signing_certificates snapshots
stacks subnets subscriptions succeeded_jobs tables topics users vaults versions virtual_mfa_devices
volumes vpc_addresses vpc_peering_connections vpcs
"""
COLLECTIONS = frozenset(_COLLECTIONS.split())
BATCH_ACTIONS = frozenset(
    "create_tags delete disable_actions enable_actions monitor reboot start stop terminate"
    " unmonitor".split()
)
