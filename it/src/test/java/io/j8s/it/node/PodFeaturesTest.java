package io.j8s.it.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.j8s.it.node.RealCluster.Room;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a pod's specification can ask of a node, several things in one pod; what the containers see they write to their logs.
@ExtendWith(RealCluster.Provider.class)
class PodFeaturesTest {
    private final RealCluster cluster;

    PodFeaturesTest(RealCluster cluster) {
        this.cluster = cluster;
    }

    @Test
    void namesUsersAndRightsAreWhatThePodAsksFor() {
        Room room = cluster.room("features");
        room.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: asked}
                spec:
                  hostname: me
                  subdomain: family
                  setHostnameAsFQDN: true
                  hostAliases: [{ip: 192.0.2.77, hostnames: [alias.one, alias.two]}]
                  dnsPolicy: None
                  dnsConfig: {nameservers: [192.0.2.53], searches: [example.test], options: [{name: ndots, value: "3"}, {name: edns0}]}
                  shareProcessNamespace: true
                  terminationGracePeriodSeconds: 0
                  securityContext:
                    runAsUser: 1001
                    runAsGroup: 1002
                    fsGroup: 1003
                    supplementalGroups: [1004]
                    sysctls: [{name: net.ipv4.ip_unprivileged_port_start, value: "80"}]
                    seccompProfile: {type: RuntimeDefault}
                  containers:
                  - name: bound
                    image: %1$s
                    command: [sh, -c, "grep -E 'CapEff|NoNewPrivs|Seccomp:|Groups|Uid|Gid' /proc/self/status; hostname; cat /etc/hosts /etc/resolv.conf;
                      touch /file 2>/dev/null || echo read-only; cat /proc/sys/net/ipv4/ip_unprivileged_port_start; ls -ln / | grep data; head -c1 /proc/kcore | wc -c; touch /proc/sys/kernel/x 2>&1; echo end; sleep 4321"]
                    securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}
                    volumeMounts: [{name: data, mountPath: /data}]
                  - name: free
                    image: %1$s
                    command: [sh, -c, "until ps | grep -q '[s]leep 4321'; do sleep 0.1; done; ps; grep -E 'CapEff|Seccomp:|NoNewPrivs' /proc/self/status; sleep 1000"]
                    securityContext: {runAsUser: 0, privileged: true, seccompProfile: {type: Unconfined}}
                  volumes: [{name: data, emptyDir: {medium: Memory, sizeLimit: 1Mi}}]
                """.formatted(BusyboxImage.NAME));
        room.ready("pod/asked");
        List<String> bound = room.ok("logs", "asked", "-c", "bound").lines().map(line -> line.replaceAll("\\s+", " ").strip()).toList();
        assertThat(bound).contains("CapEff: 0000000000000000", "NoNewPrivs: 1", "Seccomp: 2", "Uid: 1001 1001 1001 1001", "Gid: 1002 1002 1002 1002", "me.family.features.svc.cluster.local",
                "192.0.2.77 alias.one alias.two", "# Entries added by HostAliases.", "nameserver 192.0.2.53", "search example.test", "options ndots:3 edns0", "read-only", "80", "0", "end");
        assertThat(bound).anyMatch(line -> line.startsWith("Groups:") && line.contains("1003 1004")).anyMatch(line -> line.matches("10\\.244\\.\\S+ me\\.family\\.features\\.svc\\.cluster\\.local me"))
                .anyMatch(line -> line.matches("drwxrws\\S+ .* 1003 .*data"));
        List<String> free = room.ok("logs", "asked", "-c", "free").lines().map(line -> line.replaceAll("\\s+", " ").strip()).toList();
        assertThat(free).anyMatch(line -> line.contains("sleep 4321")).anyMatch(line -> line.contains("pause")).contains("Seccomp: 0", "NoNewPrivs: 0").noneMatch(line -> line.equals("CapEff: 00000000a80425fb"));
        assertThat(room.ok("get", "pod", "asked", "-o", "jsonpath={.status.qosClass} {.status.containerStatuses[0].volumeMounts[0].mountPath} {.status.conditions[*].type}"))
                .isEqualTo("BestEffort /data PodReadyToStartContainers Initialized Ready ContainersReady PodScheduled");
    }

    @Test
    void aPodCanLiveInTheNamespacesOfItsHost() {
        Room room = cluster.room("host-namespaces");
        room.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: native}
                spec:
                  hostNetwork: true
                  hostPID: true
                  hostIPC: true
                  dnsPolicy: ClusterFirstWithHostNet
                  hostAliases: [{ip: 192.0.2.78, hostnames: [beside]}]
                  terminationGracePeriodSeconds: 0
                  containers:
                  - {name: main, image: %s, command: [sh, -c, "cat /etc/hosts /etc/resolv.conf; ls /proc/1/exe; cat /proc/1/comm; echo $IP $HOST; sleep 1000"],
                     env: [{name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}, {name: HOST, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}]}
                """.formatted(BusyboxImage.NAME));
        room.ready("pod/native");
        assertThat(room.ok("logs", "native").lines()).contains("# Kubernetes-managed hosts file (host network).", "192.0.2.78\tbeside", "nameserver 10.96.0.10", "bash", "192.0.2.1 192.0.2.1");
        assertThat(room.ok("get", "pod", "native", "-o", "jsonpath={.status.podIP}")).isEqualTo("192.0.2.1");
    }

    @Test
    void volumesComeFromEverySourceAndInParts() {
        Room room = cluster.room("sources");
        room.ok("create", "configmap", "settings", "--from-literal=color=red", "--from-literal=size=XL");
        room.ok("create", "secret", "generic", "keys", "--from-literal=password=geheim");
        room.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: mounted, labels: {tier: one}, annotations: {note: "two words"}}
                spec:
                  terminationGracePeriodSeconds: 0
                  restartPolicy: Never
                  initContainers:
                  - {name: writer, image: %1$s, command: [sh, -c, "mkdir -p /scratch/deep; echo inside > /scratch/deep/file; printf \\"# facts\\\\nPLACE='the moon'\\\\nOTHER='x'\\\\n\\" > /scratch/facts.env"],
                     volumeMounts: [{name: work, mountPath: /scratch}]}
                  containers:
                  - name: main
                    image: %1$s
                    command: [sh, -c, "cat /part/file; cat /all/cm/color /all/password /all/labels; echo; wc -c < /all/token; cat /www/hello/index.html; ls -d /named; echo $PLACE/$NOTHING/$CPU/$MEMORY; touch /www/hello/x 2>/dev/null || echo image is read-only;
                      dd if=/dev/zero of=/small/x bs=64k count=64 2>/dev/null || echo small is full; stat -c %%a /all/..data/password"]
                    resources: {requests: {cpu: 250m}, limits: {memory: 64Mi}}
                    env:
                    - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    - {name: PLACE, valueFrom: {fileKeyRef: {volumeName: work, path: facts.env, key: PLACE}}}
                    - {name: NOTHING, valueFrom: {fileKeyRef: {volumeName: work, path: facts.env, key: NOTHING, optional: true}}}
                    - {name: CPU, valueFrom: {resourceFieldRef: {resource: requests.cpu, divisor: 1m}}}
                    - {name: MEMORY, valueFrom: {resourceFieldRef: {resource: limits.memory}}}
                    volumeMounts:
                    - {name: work, mountPath: /part, subPath: deep}
                    - {name: work, mountPath: /named, subPathExpr: for-$(POD)}
                    - {name: all, mountPath: /all, readOnly: true, recursiveReadOnly: IfPossible}
                    - {name: image, mountPath: /www/hello, subPath: www}
                    - {name: small, mountPath: /small, mountPropagation: HostToContainer}
                  volumes:
                  - {name: work, emptyDir: {}}
                  - {name: small, emptyDir: {medium: Memory, sizeLimit: 1Mi}}
                  - {name: image, image: {reference: %1$s, pullPolicy: IfNotPresent}}
                  - name: all
                    projected:
                      defaultMode: 0440
                      sources:
                      - {configMap: {name: settings, items: [{key: color, path: cm/color}]}}
                      - {secret: {name: keys}}
                      - {downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
                      - {serviceAccountToken: {path: token, audience: me, expirationSeconds: 600}}
                """.formatted(BusyboxImage.NAME));
        room.until("pod/mounted", "{.status.phase}", "Succeeded");
        assertThat(room.ok("logs", "mounted", "-c", "main").lines()).contains("inside", "redgeheimtier=\"one\"", "hello from the web", "/named", "the moon//250/67108864",
                "image is read-only", "small is full", "440").anyMatch(line -> line.matches("\\d{3,}"));
        room.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: escaping}
                spec:
                  terminationGracePeriodSeconds: 0
                  initContainers: [{name: link, image: %1$s, command: [/bin/busybox, ln, -s, /etc, /scratch/out], volumeMounts: [{name: work, mountPath: /scratch}]}]
                  containers: [{name: main, image: %1$s, command: [sleep, "1000"], volumeMounts: [{name: work, mountPath: /x, subPath: out/passwd}]}]
                  volumes: [{name: work, emptyDir: {}}]
                """.formatted(BusyboxImage.NAME));
        room.until("pod/escaping", "{.status.containerStatuses[0].state.waiting.reason}", "CreateContainerConfigError");
        assertThat(room.ok("get", "pod", "escaping", "-o", "jsonpath={.status.containerStatuses[0].state.waiting.message}")).contains("subPath for volumeMount \"work\" of container \"main\"");
    }

    @Test
    void whatTheNodeCannotKeepIsRefusedWithItsReason() {
        Room room = cluster.room("refusals");
        for (String[] each : new String[][] {
            {"users", "hostUsers: false", ""},
            {"sysctl", "securityContext: {sysctls: [{name: kernel.msgmax, value: '65536'}]}", ""},
            {"groups", "securityContext: {supplementalGroupsPolicy: Strict}", ""},
            {"recursive", "volumes: [{name: v, emptyDir: {}}]", "volumeMounts: [{name: v, mountPath: /v, readOnly: true, recursiveReadOnly: Enabled}]"},
            {"root", "securityContext: {runAsNonRoot: true}", ""}}) {
            room.apply("""
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: %s}
                    spec: {nodeName: host, terminationGracePeriodSeconds: 0, %s, containers: [{name: main, image: '%s', command: [sleep, '1000'], %s}]}
                    """.formatted(each[0], each[1], BusyboxImage.NAME, each[2].isEmpty() ? "stdin: false" : each[2]));
        }
        room.until("pod/sysctl", "{.status.reason}", "SysctlForbidden");
        room.until("pod/groups", "{.status.reason}", "SupplementalGroupsPolicyNotSupported");
        assertThat(room.ok("get", "pod", "groups", "-o", "jsonpath={.status.phase} {.status.message}")).isEqualTo("Failed Pod was rejected: SupplementalGroupsPolicy=Strict is not supported in this node");
        for (String name : List.of("recursive", "root")) {
            room.until("pod/" + name, "{.status.containerStatuses[0].state.waiting.reason}", "CreateContainerConfigError");
        }
        assertThat(room.ok("get", "pod", "root", "-o", "jsonpath={.status.containerStatuses[0].state.waiting.message}")).startsWith("container has runAsNonRoot and image will run as root (pod: \"root_refusals(");
        assertThat(room.ok("get", "pod", "recursive", "-o", "jsonpath={.status.containerStatuses[0].state.waiting.message}"))
                .isEqualTo("failed to resolve recursive read-only mode: volume \"v\" requested recursive read-only mode, but it is not supported by the runtime");
        assertThat(room.ok("get", "events", "--field-selector=involvedObject.name=users,reason=FailedCreatePodSandBox", "-o", "jsonpath={.items[*].message}"))
                .contains("can't set `spec.hostUsers: false`, runtime does not support user namespaces");
    }

    @Test
    void hooksLastWordsAndRulesHaveTheirSay() {
        Room room = cluster.room("life");
        room.apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: lively}
                spec:
                  terminationGracePeriodSeconds: 10
                  initContainers:
                  - {name: beside, image: %1$s, restartPolicy: Always, command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 0.1; done"],
                     startupProbe: {exec: {command: [sh, -c, "[ $(NAME) = it ]"]}, periodSeconds: 1}, env: [{name: NAME, value: it}]}
                  containers:
                  - name: main
                    image: %1$s
                    command: [sh, -c, "trap 'echo on term; echo gone > /dev/termination-log; exit 5' TERM; while true; do sleep 0.1; done"]
                    lifecycle: {postStart: {exec: {command: [sh, -c, "echo post > /tmp/post"]}}, preStop: {sleep: {seconds: 1}}}
                  - {name: web, image: %1$s, lifecycle: {preStop: {httpGet: {path: /index.html, port: 8080}}}}
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: loser}
                spec:
                  restartPolicy: Never
                  containers: [{name: main, image: %1$s, terminationMessagePolicy: FallbackToLogsOnError, terminationMessagePath: /words, command: [sh, -c, "echo what happened; exit 9"]}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: again}
                spec:
                  restartPolicy: Never
                  terminationGracePeriodSeconds: 0
                  initContainers: [{name: first, image: %1$s, command: [sh, -c, "echo round >> /shared/rounds"], volumeMounts: [{name: shared, mountPath: /shared}]}]
                  containers:
                  - {name: cause, image: %1$s, command: [sh, -c, "[ $(wc -l < /shared/rounds) = 1 ] && exit 88; sleep 1000"], volumeMounts: [{name: shared, mountPath: /shared}],
                     restartPolicy: Never, restartPolicyRules: [{action: RestartAllContainers, exitCodes: {operator: In, values: [88]}}]}
                  - {name: other, image: %1$s, command: [sleep, "1000"]}
                  volumes: [{name: shared, emptyDir: {}}]
                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: whole}
                spec:
                  terminationGracePeriodSeconds: 0
                  resources: {requests: {cpu: 100m, memory: 32Mi}, limits: {cpu: 200m, memory: 64Mi}}
                  containers: [{name: main, image: %1$s, command: [sh, -c, "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null; sleep 1000"]}]
                """.formatted(BusyboxImage.NAME));
        for (String name : List.of("lively", "again", "whole")) {
            room.ready("pod/" + name);
        }
        assertThat(room.ok("exec", "lively", "-c", "main", "--", "cat", "/tmp/post")).isEqualTo("post\n");
        assertThat(room.ok("get", "pod", "whole", "-o", "jsonpath={.status.qosClass} {.status.allocatedResources.cpu} {.status.resources.limits.memory}")).isEqualTo("Burstable 100m 64Mi");
        assertThat(room.ok("logs", "whole")).isEqualTo("67108864\n");
        assertThat(room.ok("get", "pod", "again", "-o", "jsonpath={.status.containerStatuses[*].restartCount} {.status.initContainerStatuses[0].restartCount} {.status.containerStatuses[?(@.name=='cause')].lastState.terminated.exitCode}"
                + " {.status.conditions[?(@.type=='AllContainersRestarting')].status}")).isEqualTo("1 1 1 88 False");
        room.until("pod/loser", "{.status.phase}", "Failed");
        assertThat(room.ok("get", "pod", "loser", "-o", "jsonpath={.status.containerStatuses[0].state.terminated.reason} {.status.containerStatuses[0].state.terminated.message}")).isEqualTo("Error what happened\n");
        room.ok("delete", "pod", "lively", "--wait=false");
        room.until("pod/lively", "{.status.containerStatuses[0].state.terminated.exitCode}", "5");
        room.ok("wait", "--for=delete", "pod/lively", "--timeout=50s");
        String events = room.ok("get", "events", "--field-selector=involvedObject.name=lively", "-o", "jsonpath={range .items[*]}{.reason}: {.message}{\"\\n\"}{end}");
        assertThat(events.lines()).contains("Created: Container created", "Started: Container started", "Pulled: Container image \"" + BusyboxImage.NAME + "\" already present on machine",
                "Killing: Stopping container main", "Killing: Stopping container web", "Killing: Stopping container beside").noneMatch(line -> line.startsWith("FailedPreStopHook"));
    }

    @Test
    void theNodeTellsOfItself() {
        String events = cluster.kubectl().ok("get", "events", "-n", "default", "--field-selector=involvedObject.kind=Node,source=kubelet", "-o", "jsonpath={range .items[*]}{.reason}: {.message}{\"\\n\"}{end}");
        assertThat(events.lines()).contains("Starting: Starting kubelet.", "NodeAllocatableEnforced: Updated Node Allocatable limit across pods", "NodeHasSufficientMemory: Node host status is now: NodeHasSufficientMemory",
                "NodeHasNoDiskPressure: Node host status is now: NodeHasNoDiskPressure", "NodeHasSufficientPID: Node host status is now: NodeHasSufficientPID");
        assertThat(cluster.kubectl().ok("get", "node", "host", "-o", "jsonpath={.status.declaredFeatures} {.status.nodeInfo.operatingSystem} {.status.images[*].names}"))
                .contains("RestartAllContainersOnContainerExits", "linux", "registry.k8s.io/pause:"); // an image that no test loads: a node tells of five names of one at most
        assertThat(cluster.kubectl().ok("get", "lease", "-n", "kube-node-lease", "host", "-o", "jsonpath={.spec.holderIdentity} {.spec.leaseDurationSeconds} {.metadata.ownerReferences[0].kind}")).isEqualTo("host 40 Node");
    }
}
