"""Which mocks moto has by release, and what to write instead of one that is not there.

Sources: moto/__init__.py at the tag of every release from 1.0.0 to 5.2.3, and of the installed
5.2.5; moto's CHANGELOG.md, "5.0.0" (`mock_aws`, use_docker), "4.0.0" and "3.1.0" (dynamodb2, rds2)
and "1.0.0" (the mocks for boto, all of them gone in 3.0.0).
"""

from __future__ import annotations

from functools import cache

Release = tuple[int, ...]
FIRST = (1, 0, 0)
ONE_MOCK = (5, 0, 0)
LAST_FOR_BOTO = (3, 0, 0)
RENAMED = (3, 1, 0)

# The mocks by the release that brought them, without "mock_"; 5.0.0 took them all away.
ADDED = """
1.0.0 apigateway autoscaling cloudformation cloudwatch datapipeline dynamodb dynamodb2 ec2 ecs elb
1.0.0 emr events glacier iam kinesis kms lambda opsworks rds rds2 redshift route53 s3 ses sns sqs
1.0.0 ssm sts swf; 1.0.1 ecr; 1.1.0 elbv2; 1.1.18 acm polly xray; 1.1.20 logs; 1.1.23 xray_client
1.1.24 batch; 1.1.25 iot iotdata resourcegroupstaggingapi; 1.3.3 cognitoidentity
1.3.4 cognitoidp secretsmanager; 1.3.5 glue; 1.3.7 organizations; 1.3.8 config dynamodbstreams
1.3.9 resourcegroups; 1.3.14 athena datasync stepfunctions; 1.3.15 applicationautoscaling codecommit
1.3.15 codepipeline ec2instanceconnect elasticbeanstalk kinesisvideo kinesisvideoarchivedmedia
1.3.15 managedblockchain ram sagemaker; 2.0.0 forecast medialive support transcribe
2.0.1 mediaconnect; 2.0.2 mediapackage; 2.0.5 mediastore; 2.0.7 dms; 2.0.10 eks
2.0.11 mediastoredata; 2.2.1 efs; 2.2.2 wafv2; 2.2.6 elastictranscoder; 2.2.7 firehose
2.2.10 cloudtrail; 2.2.11 timestreamwrite; 2.2.12 ds emrcontainers; 2.2.14 all
2.2.16 route53resolver sdb; 2.2.17 budgets cloudfront; 2.2.18 elasticache guardduty; 2.2.20 es
2.3.1 dax ssoadmin; 2.3.2 appsync; 3.0.0 s3control; 3.0.1 mq; 3.0.3 apigatewayv2
3.0.4 redshiftdata servicediscovery; 3.0.5 textract; 3.0.7 databrew pinpoint
3.1.4 quicksight rekognition; 3.1.8 batch_simple; 3.1.9 ebs; 3.1.12 greengrass
3.1.17 ce codebuild emrserverless; 4.0.1 personalize signer; 4.0.2 amp
4.0.7 comprehend meteringmarketplace; 4.0.8 servicequotas; 4.0.11 acmpca; 4.1.3 identitystore
4.1.4 neptune; 4.1.6 opensearch; 4.1.7 lakeformation rdsdata scheduler; 4.1.9 sesv2
4.1.12 appconfig; 4.1.15 apigatewaymanagementapi; 4.2.1 sagemakerruntime; 4.2.3 robomaker
4.2.6 ivs; 4.2.7 inspector2; 4.2.8 lambda_simple; 4.2.13 panorama; 4.2.14 backup
"""
# Gone before 5.0.0; 3.1.0 made the plain name mean what the other one had meant.
REMOVED = {"dynamodb2": (4, 0, 0), "rds2": (4, 0, 0)}
NEWER = {"dynamodb2": "dynamodb", "rds2": "rds"}
# The services whose mock had a twin for boto, moto's first client: mock_<service>_deprecated.
FOR_BOTO = frozenset(
    """apigateway autoscaling cloudformation cloudwatch cognitoidentity cognitoidp datapipeline
    dynamodb dynamodb2 ec2 ecr ecs elb emr glacier iam kinesis kms lambda logs opsworks rds rds2
    redshift route53 s3 ses sns sqs sts swf""".split()
)
ELSEWHERE = {
    "lambda_simple": 'mock_aws(config={"lambda": {"use_docker": False}})',
    "batch_simple": 'mock_aws(config={"batch": {"use_docker": False}})',
    "xray_client": "mock_xray_client from moto.xray",
}
EACH_SERVICE = "the mock of each service in use, such as mock_s3"


def exists(name: str, release: Release) -> bool | None:
    """Tell whether `moto` has the mock `name` in a release; None when that is not known.

    What is no mock is not asked about, and counts as there.
    """
    if not name.startswith("mock_"):
        return True
    service = name.removeprefix("mock_")
    release = (*release, 0, 0)[:3]
    if service == "aws" or release >= ONE_MOCK:
        return service == "aws" and release >= ONE_MOCK
    plain = service.removesuffix("_deprecated")
    since = added().get(plain)
    if since is None or release < FIRST:
        return None
    if plain != service:
        return since <= release < LAST_FOR_BOTO if plain in FOR_BOTO else None
    return since <= release < REMOVED.get(service, ONE_MOCK)


def replacement(name: str, release: Release = ONE_MOCK) -> str:
    """Say what to write instead of a mock that this release does not have."""
    service = name.removeprefix("mock_").removesuffix("_deprecated")
    release = (*release, 0, 0)[:3]
    if release >= ONE_MOCK:
        return ELSEWHERE.get(service, "mock_aws")
    if release >= RENAMED:
        service = NEWER.get(service, service)
    elif name == f"mock_{service}_deprecated" and release >= LAST_FOR_BOTO:
        service = {plain: old for old, plain in NEWER.items()}.get(service, service)
    since = added().get(service)
    if service == "all" or since is None:
        return EACH_SERVICE
    later = f" of moto {'.'.join(map(str, since))} or later" if release < since else ""
    return f"mock_{service}{later}"


@cache
def added() -> dict[str, Release]:
    """Return the release that brought each mock, by its name without "mock_"."""
    found: dict[str, Release] = {}
    for entry in ADDED.strip().replace("\n", ";").split(";"):
        release, *services = entry.split()
        found.update(dict.fromkeys(services, tuple(map(int, release.split(".")))))
    return found
