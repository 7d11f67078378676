package io.j8s.apiserver.resources.batch;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.resources.core.SelectorRules;
import io.j8s.apiserver.resources.core.TemplateRules;
import io.j8s.apiserver.resources.core.TemplateWarnings;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.batch.v1.JobSpec;
import io.j8s.model.core.v1.Affinity;
import io.j8s.model.core.v1.Container;
import io.j8s.model.core.v1.PodSpec;
import io.j8s.model.core.v1.PodTemplateSpec;
import io.j8s.model.selector.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rules for jobs.
final class JobRules {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final int MOST_PARALLEL_INDEXED = 100_000;
    private static final int MOST_FAILED_INDEXES = 100_000;
    private static final int MANY_COMPLETIONS = 100_000;
    private static final int MOST_FAILED_OF_MANY = 10_000;
    private static final int MOST_PARALLEL_OF_MANY = 10_000;
    private static final int MANAGER_LENGTH = 63;

    private JobRules() {}

    /// @param prefixed whether the generated labels must be there under their names of today
    static void rules(Job job, boolean prefixed, FieldErrors errors) {
        generatedSelector(job, prefixed, errors);
        withSelector(job.spec(), errors);
        JobSpec spec = job.spec();
        if (spec.completionMode().equals("Indexed") && spec.completions() > 0) {
            String longest = job.metadata().name() + "-" + (spec.completions() - 1);
            if (!Names.dnsLabel(longest).isEmpty()) {
                errors.invalid(FieldPath.of("metadata").child("name"), job.metadata().name(), "will not able to create pod with invalid DNS label: " + longest);
            }
        }
    }

    private static void generatedSelector(Job job, boolean prefixed, FieldErrors errors) {
        if (job.spec().manualSelector() || !job.spec().hasSelector()) {
            return;
        }
        String uid = job.metadata().uid();
        String name = job.metadata().name();
        Map<String, String> expected = new HashMap<>();
        expectLabel(job, Jobs.OLD_CONTROLLER_UID, uid, expected, errors);
        expectLabel(job, Jobs.OLD_JOB_NAME, name, expected, errors);
        if (prefixed) {
            expectLabel(job, Jobs.CONTROLLER_UID, uid, expected, errors);
            expectLabel(job, Jobs.JOB_NAME, name, expected, errors);
        }
        Selector selector = SelectorRules.read(job.spec().selector());
        if (selector != null && !selector.matches(expected)) {
            errors.invalid(SPEC.child("selector"), job.spec().selector(), "`selector` not auto-generated");
        }
    }

    private static void expectLabel(Job job, String key, String value, Map<String, String> expected, FieldErrors errors) {
        expected.put(key, value);
        FieldPath path = SPEC.child("template").child("metadata").child("labels");
        String actual = job.spec().template().metadata().labels().get(key);
        if (actual == null) {
            errors.required(path.key(key), "must be '" + value + "'");
        } else if (!actual.equals(value)) {
            errors.invalid(path.key(key), actual, "must be '" + value + "'");
        }
    }

    private static void withSelector(JobSpec spec, FieldErrors errors) {
        spec(spec, SPEC, errors);
        if (spec.hasSelector()) {
            SelectorRules.selector(spec.selector(), SPEC.child("selector"), errors);
        } else {
            errors.required(SPEC.child("selector"));
        }
        Selector selector = spec.hasSelector() ? SelectorRules.read(spec.selector()) : Selector.nothing();
        if (selector != null && !selector.matches(spec.template().metadata().labels())) {
            errors.invalid(
                    SPEC.child("template").child("metadata").child("labels"), spec.template().metadata().labels(), "`selector` does not match template `labels`");
        }
    }

    /// A job's specification but for its selector; also in the template of a cron job.
    static void spec(JobSpec spec, FieldPath path, FieldErrors errors) {
        NumberRules.notNegative(spec.parallelism(), path.child("parallelism"), errors);
        NumberRules.notNegative(spec.completions(), path.child("completions"), errors);
        NumberRules.notNegative(spec.activeDeadlineSeconds(), path.child("activeDeadlineSeconds"), errors);
        NumberRules.notNegative(spec.backoffLimit(), path.child("backoffLimit"), errors);
        NumberRules.notNegative(spec.ttlSecondsAfterFinished(), path.child("ttlSecondsAfterFinished"), errors);
        NumberRules.notNegative(spec.backoffLimitPerIndex(), path.child("backoffLimitPerIndex"), errors);
        NumberRules.notNegative(spec.maxFailedIndexes(), path.child("maxFailedIndexes"), errors);
        if (spec.hasMaxFailedIndexes() && !spec.hasBackoffLimitPerIndex()) {
            errors.required(path.child("backoffLimitPerIndex"), "when maxFailedIndexes is specified");
        }
        if (spec.hasManagedBy()) {
            manager(spec.managedBy(), path.child("managedBy"), errors);
        }
        completionMode(spec, path, errors);
        JobPolicyRules.rules(spec, path, errors);
        TemplateRules.template(spec.template(), path.child("template"), errors);
        restartPolicy(spec, path.child("template").child("spec").child("restartPolicy"), errors);
    }

    private static void manager(String manager, FieldPath path, FieldErrors errors) {
        int slash = manager.indexOf('/');
        if (manager.isEmpty()) {
            errors.required(path);
        } else if (slash < 0 || slash == manager.length() - 1 || slash == 0) {
            errors.invalid(path, manager, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        } else {
            String domain = manager.substring(0, slash);
            Names.dnsSubdomain(domain).forEach(problem -> errors.invalid(path, domain, problem));
            String rest = manager.substring(slash + 1);
            if (!rest.chars().allMatch(c -> Character.isLetterOrDigit(c) || "/-._~%!$&'()*+,;=:".indexOf(c) >= 0)) {
                errors.invalid(path, rest, "Invalid path");
            }
        }
        if (manager.length() > MANAGER_LENGTH) {
            errors.tooLong(path, MANAGER_LENGTH);
        }
    }

    private static void completionMode(JobSpec spec, FieldPath path, FieldErrors errors) {
        String mode = spec.completionMode();
        if (spec.hasCompletionMode() && !List.of("NonIndexed", "Indexed").contains(mode)) {
            errors.notSupported(path.child("completionMode"), mode, List.of("NonIndexed", "Indexed"));
        }
        if (mode.equals("Indexed")) {
            indexed(spec, path, errors);
        } else if (mode.isEmpty() || mode.equals("NonIndexed")) {
            if (spec.hasBackoffLimitPerIndex()) {
                errors.invalid(path.child("backoffLimitPerIndex"), spec.backoffLimitPerIndex(), "requires indexed completion mode");
            }
            if (spec.hasMaxFailedIndexes()) {
                errors.invalid(path.child("maxFailedIndexes"), spec.maxFailedIndexes(), "requires indexed completion mode");
            }
        }
    }

    private static void indexed(JobSpec spec, FieldPath path, FieldErrors errors) {
        FieldPath failed = path.child("maxFailedIndexes");
        if (!spec.hasCompletions()) {
            errors.required(path.child("completions"), "when completion mode is Indexed");
        }
        atMost(spec.parallelism(), MOST_PARALLEL_INDEXED, path.child("parallelism"), errors);
        if (spec.hasCompletions() && spec.hasMaxFailedIndexes() && spec.maxFailedIndexes() > spec.completions()) {
            errors.invalid(failed, spec.maxFailedIndexes(), "must be less than or equal to completions");
        }
        atMost(spec.maxFailedIndexes(), MOST_FAILED_INDEXES, failed, errors);
        if (spec.completions() > MANY_COMPLETIONS && spec.hasBackoffLimitPerIndex()) {
            if (!spec.hasMaxFailedIndexes()) {
                errors.required(failed, "must be specified when completions is above " + MANY_COMPLETIONS);
            }
            atMost(spec.parallelism(), MOST_PARALLEL_OF_MANY, path.child("parallelism"), errors);
            atMost(spec.maxFailedIndexes(), MOST_FAILED_OF_MANY, failed, errors);
        }
    }

    private static void atMost(int value, int most, FieldPath path, FieldErrors errors) {
        if (value > most) {
            errors.invalid(path, value, "must be less than or equal to " + most);
        }
    }

    private static void restartPolicy(JobSpec spec, FieldPath path, FieldErrors errors) {
        String policy = spec.template().spec().restartPolicy();
        if (policy.equals("Always") || policy.isEmpty()) {
            errors.required(path, "valid values: \"OnFailure\", \"Never\"");
        } else if (!policy.equals("OnFailure") && !policy.equals("Never")) {
            errors.notSupported(path, policy, List.of("OnFailure", "Never"));
        } else if (spec.hasPodFailurePolicy() && !policy.equals("Never")) {
            errors.invalid(path, policy, "only \"Never\" is supported when podFailurePolicy is specified");
        }
    }

    // ---- update

    static void update(Job job, Job old, FieldErrors errors) {
        JobSpec spec = job.spec();
        JobSpec before = old.spec();
        rules(job, before.template().metadata().labels().keySet().containsAll(List.of(Jobs.CONTROLLER_UID, Jobs.JOB_NAME)), errors);
        withSelector(spec, errors);
        completions(spec, before, errors);
        errors.immutable(SPEC.child("selector"), spec.selector(), before.selector());
        template(job, old, errors);
        errors.immutable(SPEC.child("completionMode"), spec.completionMode(), before.completionMode());
        errors.immutable(SPEC.child("podFailurePolicy"), spec.podFailurePolicy(), before.podFailurePolicy());
        errors.immutable(SPEC.child("backoffLimitPerIndex"), spec.hasBackoffLimitPerIndex() ? spec.backoffLimitPerIndex() : null, before.hasBackoffLimitPerIndex() ? before.backoffLimitPerIndex() : null);
        errors.immutable(SPEC.child("managedBy"), spec.managedBy(), before.managedBy());
        errors.immutable(SPEC.child("successPolicy"), spec.successPolicy(), before.successPolicy());
    }

    private static void completions(JobSpec spec, JobSpec before, FieldErrors errors) {
        FieldPath path = SPEC.child("completions");
        Integer now = spec.hasCompletions() ? spec.completions() : null;
        Integer old = before.hasCompletions() ? before.completions() : null;
        if (!spec.completionMode().equals("Indexed")) {
            errors.immutable(path, now, old);
        } else if (now != null && !now.equals(old) && now != spec.parallelism()) {
            errors.invalid(path, now, "can only be modified in tandem with spec.parallelism");
        }
    }

    /// Where its pods may run can still be changed of a job that is suspended and has no pods, and how much they may use.
    private static void template(Job job, Job old, FieldErrors errors) {
        PodTemplateSpec template = job.spec().template();
        PodTemplateSpec before = old.spec().template();
        boolean suspended = old.spec().suspend();
        boolean mutable = suspended && old.status().active() == 0 && (old.status().startTime() == null || Jobs.isTrue(old, "Suspended"));
        FieldPath path = SPEC.child("template");
        if (!mutable) {
            errors.immutable(path, template, before);
            return;
        }
        PodTemplateSpec expected = withResourcesOf(withPlacementOf(before, template), template.spec());
        errors.immutable(SPEC.child("template.spec"), template.spec(), expected.spec());
    }

    private static PodTemplateSpec withPlacementOf(PodTemplateSpec before, PodTemplateSpec now) {
        PodSpec spec = before.spec();
        Affinity affinity = now.spec().affinity().hasNodeAffinity()
                ? spec.affinity().withNodeAffinity(now.spec().affinity().nodeAffinity())
                : spec.affinity().withoutNodeAffinity();
        spec = affinity.isEmpty() && !now.spec().hasAffinity() ? spec.withoutAffinity() : spec.withAffinity(affinity);
        spec = now.spec().hasNodeSelector() ? spec.withNodeSelector(now.spec().nodeSelector()) : spec.withoutNodeSelector();
        spec = now.spec().hasTolerations() ? spec.withTolerations(now.spec().tolerations()) : spec.withoutTolerations();
        spec = now.spec().hasSchedulingGates() ? spec.withSchedulingGates(now.spec().schedulingGates()) : spec.withoutSchedulingGates();
        return before.withSpec(spec);
    }

    private static PodTemplateSpec withResourcesOf(PodTemplateSpec before, PodSpec now) {
        return before.withSpec(spec -> spec.withContainers(withResourcesOf(spec.containers(), now.containers()))
                .withInitContainers(withResourcesOf(spec.initContainers(), now.initContainers())));
    }

    private static List<Container> withResourcesOf(List<Container> before, List<Container> now) {
        if (before.size() != now.size()) {
            return before;
        }
        List<Container> changed = new ArrayList<>();
        for (int i = 0; i < before.size(); i++) {
            Container container = before.get(i);
            boolean same = container.name().equals(now.get(i).name());
            changed.add(!same ? container : now.get(i).hasResources() ? container.withResources(now.get(i).resources()) : container.withoutResources());
        }
        return changed;
    }

    static List<String> warnings(Job job, @Nullable Job old) {
        List<String> warnings = new ArrayList<>();
        if (old == null && !Names.dnsLabel(job.metadata().name()).isEmpty()) {
            warnings.add("metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: "
                    + Names.dnsLabel(job.metadata().name()));
        }
        warnings.addAll(specWarnings(job.spec(), old == null ? null : old.spec(), SPEC));
        return warnings;
    }

    static List<String> specWarnings(JobSpec spec, @Nullable JobSpec old, FieldPath path) {
        List<String> warnings = new ArrayList<>();
        if (spec.completionMode().equals("Indexed") && spec.completions() > MANY_COMPLETIONS && spec.parallelism() > MOST_PARALLEL_OF_MANY) {
            warnings.add(path + ": In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track "
                    + "completedIndexes when a big number of indexes fail");
        }
        warnings.addAll(TemplateWarnings.of(spec.template(), old == null ? null : old.template(), path.child("template")));
        return warnings;
    }
}
