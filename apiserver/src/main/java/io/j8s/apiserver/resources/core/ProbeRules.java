package io.j8s.apiserver.resources.core;

import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.ExecAction;
import io.j8s.model.core.v1.GRPCAction;
import io.j8s.model.core.v1.HTTPGetAction;
import io.j8s.model.core.v1.LifecycleHandler;
import io.j8s.model.core.v1.Probe;
import io.j8s.model.core.v1.TCPSocketAction;
import java.util.List;
import java.util.regex.Pattern;

/// The rules for probes and for hooks.
final class ProbeRules {

    private static final Pattern HEADER_NAME = Pattern.compile("[-A-Za-z0-9]+");
    private static final String SECOND = "may not specify more than 1 handler type";

    private ProbeRules() {}

    static void all(Container container, long grace, FieldPath path, FieldErrors errors) {
        if (container.hasLifecycle()) {
            FieldPath lifecycle = path.child("lifecycle");
            if (container.lifecycle().hasPostStart()) {
                hook(container.lifecycle().postStart(), grace, lifecycle.child("postStart"), errors);
            }
            if (container.lifecycle().hasPreStop()) {
                hook(container.lifecycle().preStop(), grace, lifecycle.child("preStop"), errors);
            }
        }
        if (container.hasLivenessProbe()) {
            probe(container.livenessProbe(), path.child("livenessProbe"), errors);
            once(container.livenessProbe(), path.child("livenessProbe"), errors);
        }
        if (container.hasReadinessProbe()) {
            FieldPath readiness = path.child("readinessProbe");
            probe(container.readinessProbe(), readiness, errors);
            if (container.readinessProbe().hasTerminationGracePeriodSeconds()) {
                errors.invalid(readiness.child("terminationGracePeriodSeconds"), container.readinessProbe().terminationGracePeriodSeconds(), "must not be set for readinessProbes");
            }
        }
        if (container.hasStartupProbe()) {
            probe(container.startupProbe(), path.child("startupProbe"), errors);
            once(container.startupProbe(), path.child("startupProbe"), errors);
        }
    }

    /// For containers that run to their end before others start.
    static void none(Container container, FieldPath path, FieldErrors errors) {
        String why = "may not be set for init containers without restartPolicy=Always";
        if (container.hasLifecycle()) {
            errors.forbidden(path.child("lifecycle"), why);
        }
        if (container.hasLivenessProbe()) {
            errors.forbidden(path.child("livenessProbe"), why);
        }
        if (container.hasReadinessProbe()) {
            errors.forbidden(path.child("readinessProbe"), why);
        }
        if (container.hasStartupProbe()) {
            errors.forbidden(path.child("startupProbe"), why);
        }
    }

    private static void once(Probe probe, FieldPath path, FieldErrors errors) {
        if (probe.successThreshold() != 1) {
            errors.invalid(path.child("successThreshold"), probe.successThreshold(), "must be 1");
        }
    }

    private static void probe(Probe probe, FieldPath path, FieldErrors errors) {
        int count = 0;
        count += probe.hasExec() ? exec(probe.exec(), count, path, errors) : 0;
        count += probe.hasHttpGet() ? http(probe.httpGet(), count, path, errors) : 0;
        count += probe.hasTcpSocket() ? tcp(probe.tcpSocket(), count, path, errors) : 0;
        count += probe.hasGrpc() ? grpc(probe.grpc(), count, path, errors) : 0;
        if (count == 0) {
            errors.required(path, "must specify a handler type");
        }
        NumberRules.notNegative(probe.initialDelaySeconds(), path.child("initialDelaySeconds"), errors);
        NumberRules.notNegative(probe.timeoutSeconds(), path.child("timeoutSeconds"), errors);
        NumberRules.notNegative(probe.periodSeconds(), path.child("periodSeconds"), errors);
        NumberRules.notNegative(probe.successThreshold(), path.child("successThreshold"), errors);
        NumberRules.notNegative(probe.failureThreshold(), path.child("failureThreshold"), errors);
        if (probe.hasTerminationGracePeriodSeconds() && probe.terminationGracePeriodSeconds() <= 0) {
            errors.invalid(path.child("terminationGracePeriodSeconds"), probe.terminationGracePeriodSeconds(), "must be greater than 0");
        }
    }

    private static void hook(LifecycleHandler hook, long grace, FieldPath path, FieldErrors errors) {
        int count = 0;
        count += hook.hasExec() ? exec(hook.exec(), count, path, errors) : 0;
        count += hook.hasHttpGet() ? http(hook.httpGet(), count, path, errors) : 0;
        count += hook.hasTcpSocket() ? tcp(hook.tcpSocket(), count, path, errors) : 0;
        if (hook.hasSleep()) {
            FieldPath sleep = path.child("sleep");
            if (count > 0) {
                errors.forbidden(sleep, SECOND);
            } else if (hook.sleep().seconds() < 0 || hook.sleep().seconds() > grace) {
                errors.invalid(sleep, hook.sleep().seconds(), "must be non-negative and less than terminationGracePeriodSeconds (" + grace + ")");
            }
            count++;
        }
        if (count == 0) {
            errors.required(path, "must specify a handler type");
        }
    }

    private static int exec(ExecAction exec, int before, FieldPath path, FieldErrors errors) {
        if (before > 0) {
            errors.forbidden(path.child("exec"), SECOND);
        } else if (exec.command().isEmpty()) {
            errors.required(path.child("exec").child("command"));
        }
        return 1;
    }

    private static int http(HTTPGetAction get, int before, FieldPath path, FieldErrors errors) {
        FieldPath here = path.child("httpGet");
        if (before > 0) {
            errors.forbidden(here, SECOND);
            return 1;
        }
        if (get.path().isEmpty()) {
            errors.required(here.child("path"));
        }
        ServiceRules.portNumberOrName(get.port(), here.child("port"), errors);
        if (!List.of("HTTP", "HTTPS").contains(get.scheme())) {
            errors.notSupported(here.child("scheme"), get.scheme(), List.of("HTTP", "HTTPS"));
        }
        for (int i = 0; i < get.httpHeaders().size(); i++) {
            String name = get.httpHeaders().get(i).name();
            if (!HEADER_NAME.matcher(name).matches()) {
                errors.invalid(here.child("httpHeaders"), name, "a valid HTTP header must consist of alphanumeric characters or '-'");
            }
        }
        return 1;
    }

    private static int tcp(TCPSocketAction tcp, int before, FieldPath path, FieldErrors errors) {
        if (before > 0) {
            errors.forbidden(path.child("tcpSocket"), SECOND);
        } else {
            ServiceRules.portNumberOrName(tcp.port(), path.child("tcpSocket").child("port"), errors);
        }
        return 1;
    }

    private static int grpc(GRPCAction grpc, int before, FieldPath path, FieldErrors errors) {
        if (before > 0) {
            errors.forbidden(path.child("grpc"), SECOND);
        } else {
            NumberRules.between(grpc.port(), 1, 65535, path.child("grpc").child("port"), errors);
        }
        return 1;
    }
}
