# Runs once, at an instance's first start: makes the bridge a unit of systemd, waits until it does its work and has done so
# for a minute, and tells CloudFormation. Between percent signs stands what the stack fills in.
# configuration %CONFIGURATION%
set -u
finish() {
  /opt/aws/bin/cfn-signal -e $1 --stack %STACK% --resource %RESOURCE% --region %REGION%
  exit $1
}
dnf install -y docker amazon-ecr-credential-helper aws-cfn-bootstrap || finish 1

mkdir -p /etc/messagebusbridge/docker
cat >/etc/messagebusbridge/docker/config.json <<'END'
{"credHelpers": {"%REGISTRY%": "ecr-login"}}
END

cat >/etc/systemd/system/messagebusbridge.service <<'END'
[Unit]
Description=MessageBusBridge
After=docker.service network-online.target
Requires=docker.service
Wants=network-online.target

[Service]
Environment=DOCKER_CONFIG=/etc/messagebusbridge/docker
ExecStartPre=-/usr/bin/docker rm --force messagebusbridge
ExecStartPre=/usr/bin/docker pull --quiet %IMAGE%
ExecStart=/usr/bin/docker run --rm --name messagebusbridge --network host --read-only --cap-drop ALL \
  --security-opt no-new-privileges --memory %MEMORY% --env AWS_REGION=%REGION% \
  --env MBB_SSM_PREFIX=%PARAMETERS% \
  --log-driver awslogs --log-opt awslogs-region=%REGION% --log-opt awslogs-group=%LOG_GROUP% \
  %IMAGE% %ARGUMENTS%
ExecStop=/usr/bin/docker stop --timeout %STOP_SECONDS% messagebusbridge
TimeoutStartSec=300
# Longer than docker stop, which is longer than the bridge drains.
TimeoutStopSec=%UNIT_STOP_SECONDS%
Restart=always
RestartSec=5

[Install]
WantedBy=multi-user.target
END
systemctl daemon-reload
systemctl enable --now docker.service || finish 1
systemctl enable --now messagebusbridge.service || finish 1

# Ready is one that is connected on both sides, or that stands by. One that ends and is started again is not well.
steady=0
for second in $(seq 600); do
  if curl --silent --fail --max-time 2 http://127.0.0.1:%HEALTH_PORT%/health/ready >/dev/null &&
    [ "$(systemctl show --property NRestarts --value messagebusbridge.service)" = "${restarts:-0}" ]; then
    steady=$((steady + 1))
    [ $steady -lt 60 ] || finish 0
  else
    steady=0
    restarts=$(systemctl show --property NRestarts --value messagebusbridge.service)
  fi
  sleep 1
done
journalctl --unit messagebusbridge.service --no-pager --lines 50
finish 1
