"""The bridge's user at its broker: makes it (a custom resource of CloudFormation) and rotates its password (Secrets Manager).

RabbitMQ is asked by its management API, as the administrator; the login itself is tried by AMQP. The environment says
where: BROKER_HOST, MANAGEMENT_PORT, AMQPS_PORT and ADMINISTRATOR, a secret's ARN. Certificates are checked.
"""

import base64
import json
import os
import re
import socket
import ssl
import struct
import urllib.error
import urllib.parse
import urllib.request

import botocore.session

TIMEOUT = 20  # seconds, for each connection
VHOST = urllib.parse.quote("/", safe="")
POLICY = "messagebusbridge"


def on_event(event, context):
    """CloudFormation's: makes the user, or brings it up to date. When it is deleted the user stays, as the broker does."""
    answer = {"Status": "SUCCESS", "PhysicalResourceId": "broker-user"}
    try:
        if event["RequestType"] != "Delete":
            provide(event["ResourceProperties"])
    except Exception as e:  # whatever it is, CloudFormation must not wait for an hour to hear of it
        answer.update(Status="FAILED", Reason=sentence(e))
    for key in ("StackId", "RequestId", "LogicalResourceId"):
        answer[key] = event[key]
    body = json.dumps(answer).encode()
    request = urllib.request.Request(event["ResponseURL"], body, {"Content-Type": ""}, method="PUT")
    urllib.request.urlopen(request, timeout=TIMEOUT).close()
    print(json.dumps({"request": event["RequestType"], "status": answer["Status"], "reason": answer.get("Reason", "")}))


def on_rotation(event, context):
    """Secrets Manager's, in four steps: a new password is made, set at the broker, tried, and then what all read."""
    secrets, arn, token = secrets_manager(), event["SecretId"], event["ClientRequestToken"]
    stages = secrets.describe_secret(SecretId=arn)["VersionIdsToStages"]
    if "AWSCURRENT" in stages.get(token, []):
        return
    step = event["Step"]
    if step == "createSecret":
        try:
            secrets.get_secret_value(SecretId=arn, VersionId=token, VersionStage="AWSPENDING")
        except secrets.exceptions.ResourceNotFoundException:
            login = read(secrets, arn, "AWSCURRENT")
            random = secrets.get_random_password(PasswordLength=32, ExcludePunctuation=True)
            login["password"] = random["RandomPassword"]
            secrets.put_secret_value(
                SecretId=arn, ClientRequestToken=token, SecretString=json.dumps(login), VersionStages=["AWSPENDING"]
            )
    elif step == "setSecret":
        put_user(read(secrets, arn, "AWSPENDING"))
    elif step == "testSecret":
        log_in(read(secrets, arn, "AWSPENDING"))
    elif step == "finishSecret":
        current = [version for version, of in stages.items() if "AWSCURRENT" in of][0]
        secrets.update_secret_version_stage(
            SecretId=arn, VersionStage="AWSCURRENT", MoveToVersionId=token, RemoveFromVersionId=current
        )
    else:
        raise ValueError("Secrets Manager asked for an unknown step")
    print(json.dumps({"step": step, "done": True}))


def provide(properties):
    login = read(secrets_manager(), properties["Secret"], "AWSCURRENT")
    put_user(login)
    user = urllib.parse.quote(login["username"], safe="")
    manage(
        "PUT",
        f"permissions/{VHOST}/{user}",
        {key: properties[key.capitalize()] for key in ("configure", "write", "read")},
    )
    if properties["DeliveryLimit"]:
        put_policy(properties["Pattern"], int(properties["DeliveryLimit"]))
    log_in(login)


def put_user(login):
    """No tags: it cannot ask the management API anything."""
    user = urllib.parse.quote(login["username"], safe="")
    manage("PUT", f"users/{user}", {"password": login["password"], "tags": ""})


def put_policy(pattern, limit):
    """One policy holds for a queue, that of the highest priority; so this one repeats what the one before it says."""
    others = [p for p in manage("GET", f"policies/{VHOST}") if p["name"] != POLICY and covers(p, pattern)]
    before = max(others, key=lambda p: p["priority"], default={"priority": 0, "definition": {}})
    manage(
        "PUT",
        f"policies/{VHOST}/{POLICY}",
        {
            "pattern": pattern,
            "apply-to": "quorum_queues",
            "priority": before["priority"] + 1,
            "definition": {**quorum(before["definition"]), "delivery-limit": limit},
        },
    )


def covers(policy, pattern):
    """Whether a policy holds for one of the queues that the pattern lists, were they quorum queues."""
    names = [name.replace("\\", "") for name in re.sub(r"^\^\(|\)\$$", "", pattern).split("|")]
    return policy["apply-to"] in ("all", "queues", "quorum_queues") and any(
        re.search(policy["pattern"], name) for name in names
    )


def quorum(definition):
    """Without what is for classic queues alone, which a policy for quorum queues must not have."""
    classic = ("queue-mode", "queue-version", "ha-mode", "ha-params", "ha-sync-mode", "ha-sync-batch-size", "max-priority")
    return {key: value for key, value in definition.items() if key not in classic}


def manage(method, path, body=None):
    admin = read(secrets_manager(), os.environ["ADMINISTRATOR"], "AWSCURRENT")
    login = base64.b64encode(f"{admin['username']}:{admin['password']}".encode()).decode()
    request = urllib.request.Request(
        f"https://{os.environ['BROKER_HOST']}:{os.environ['MANAGEMENT_PORT']}/api/{path}",
        None if body is None else json.dumps(body).encode(),
        {"Authorization": "Basic " + login, "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
        content = response.read()
    return json.loads(content) if content else None


def log_in(login):
    """Opens a connection by AMQP 0-9-1, up to the broker's answer to the login: Tune, or a close."""
    address = (os.environ["BROKER_HOST"], int(os.environ["AMQPS_PORT"]))
    with socket.create_connection(address, timeout=TIMEOUT) as plain:
        with ssl.create_default_context().wrap_socket(plain, server_hostname=address[0]) as broker:
            broker.sendall(b"AMQP\x00\x00\x09\x01")
            expect(broker, (10, 10))  # Start
            response = f"\0{login['username']}\0{login['password']}".encode()
            start_ok = struct.pack(">HHI", 10, 11, 0) + b"\x05PLAIN" + struct.pack(">I", len(response)) + response
            start_ok += b"\x05en_US"
            broker.sendall(struct.pack(">BHI", 1, 0, len(start_ok)) + start_ok + b"\xce")
            expect(broker, (10, 30))  # Tune


def expect(broker, method):
    header = receive(broker, 7)
    payload = receive(broker, struct.unpack(">BHI", header)[2] + 1)
    if struct.unpack(">HH", payload[:4]) != method:
        raise PermissionError("the broker refuses the login")


def receive(broker, size):
    data = b""
    while len(data) < size:
        part = broker.recv(size - len(data))
        if not part:
            raise PermissionError("the broker refuses the login")
        data += part
    return data


def read(secrets, arn, stage):
    return json.loads(secrets.get_secret_value(SecretId=arn, VersionStage=stage)["SecretString"])


def secrets_manager():
    return botocore.session.get_session().create_client("secretsmanager")


def sentence(e):
    """For people, in CloudFormation's events: no secret is in it."""
    if isinstance(e, urllib.error.HTTPError):
        return f"The broker's management answers {e.code} to {urllib.parse.urlsplit(e.url).path}."
    if isinstance(e, KeyError):
        return f"There is no {e.args[0]} in the secret or in the properties."
    return f"The bridge's user could not be made at {os.environ.get('BROKER_HOST')}: {e}"
