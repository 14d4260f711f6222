#!/bin/bash
# A Slurm cluster of this machine alone, for trials and tests. It lives in one folder and touches no system service.
#   apt-get install slurm-wlm munge
#   eng/one-machine-slurm.sh start /tmp/slurm        # then: export SLURM_CONF=/tmp/slurm/slurm.conf
#   eng/one-machine-slurm.sh stop /tmp/slurm
set -euo pipefail
PATH="$PATH:/usr/sbin:/sbin"
folder=$(realpath -m "$2")

start() {
  mkdir -p "$folder"/{munge,state,spool}
  chmod 700 "$folder/munge"
  head -c 1024 /dev/urandom > "$folder/munge/key"
  chmod 600 "$folder/munge/key"
  munged --force --socket="$folder/munge/socket" --key-file="$folder/munge/key" --seed-file="$folder/munge/seed" \
    --pid-file="$folder/munge/pid" --log-file="$folder/munge/log"

  # More processors are declared than the machine may have, so that the jobs of the documentation fit. A requeued job
  # starts again when its old credential has expired, which takes two minutes by default.
  cat > "$folder/slurm.conf" <<CONF
ClusterName=trial
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$(free_port)
SlurmdPort=$(free_port)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$folder/munge/socket,cred_expire=15
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
BatchStartTimeout=10
MailProg=/bin/true
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=16 State=UNKNOWN
PartitionName=trial Nodes=ALL Default=YES State=UP
CONF
  export SLURM_CONF="$folder/slurm.conf"
  slurmctld
  slurmd
  for _ in $(seq 60); do
    if sinfo --noheader --format=%t 2> /dev/null | grep -q idle; then
      return
    fi
    sleep 1
  done
  echo "Slurm did not start; the logs are in $folder" >&2
  stop
  exit 1
}

stop() {
  export SLURM_CONF="$folder/slurm.conf"
  scancel --user="$(id -un)" || true
  for _ in $(seq 20); do
    if [ -z "$(squeue --noheader 2> /dev/null)" ]; then
      break
    fi
    sleep 0.5
  done
  local file pid
  for file in slurmd.pid slurmctld.pid munge/pid; do
    if [ -f "$folder/$file" ]; then
      pid=$(cat "$folder/$file")
      kill "$pid" || true
      # They write their state while they end.
      for _ in $(seq 50); do
        if [ ! -e "/proc/$pid/exe" ]; then
          break
        fi
        sleep 0.2
      done
    fi
  done
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 20000))
    if ! (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
      echo "$port"
      return
    fi
  done
}

case "$1" in
  start | stop) "$1" ;;
  *)
    echo "usage: $0 start|stop FOLDER" >&2
    exit 2
    ;;
esac
