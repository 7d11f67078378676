package io.j8s.apiserver.resources.batch;

import io.j8s.apiserver.resource.Cells;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.apiserver.resource.WriteContext;
import io.j8s.apiserver.resources.core.Elements;
import io.j8s.apiserver.resources.core.PodDefaults;
import io.j8s.apiserver.resources.core.WorkloadCells;
import io.j8s.model.batch.v1.Job;
import io.j8s.model.batch.v1.JobSpec;
import io.j8s.model.batch.v1.JobStatus;
import io.j8s.model.batch.v1.PodFailurePolicyRule;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `jobs.batch`
final class Jobs {

    static final String JOB_NAME = "batch.kubernetes.io/job-name";
    static final String CONTROLLER_UID = "batch.kubernetes.io/controller-uid";
    static final String OLD_JOB_NAME = "job-name";
    static final String OLD_CONTROLLER_UID = "controller-uid";
    private static final int BACKOFF_LIMIT = 6;

    private Jobs() {}

    static Resource<Job> resource() {
        ResourceBuilder<Job> jobs = Resource.of(Job.RESOURCE)
                .categories("all")
                .orphansByDefault("child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set"
                        + " propagationPolicy=Orphan to suppress this warning")
                .defaults(Jobs::defaults)
                .generationOfSpec()
                .prepareCreate((sent, context) -> sent.spec().manualSelector() ? sent : labelled(withSelector(sent), context))
                .createRules((job, errors) -> JobRules.rules(job, true, errors))
                .updateRules(JobRules::update)
                .warnings(JobRules::warnings)
                .status(JobStatusRules::status)
                .selectable("status.successful", job -> Integer.toString(job.status().succeeded()))
                .table(table -> table
                        .nameColumn()
                        .column("Status", "string", "How the job stands.", (job, now) -> state(job))
                        .column("Completions", "string", "How many pods have succeeded, and how many should.", (job, now) -> completions(job))
                        .column("Duration", "string", "How long the job has taken.", (job, now) -> duration(job.status(), now))
                        .ageColumn());
        return WorkloadCells.containersAndSelector(jobs, job -> job.spec().template().spec(), job -> WorkloadCells.selector(job.spec().selector())).build();
    }

    private static Job defaults(Job sent) {
        Job job = sent.withSpec(Jobs::withDefaults);
        JobSpec spec = job.spec();
        spec = spec.hasCompletions() || spec.hasParallelism() ? spec : spec.withCompletions(1);
        spec = spec.hasParallelism() ? spec : spec.withParallelism(1);
        spec = spec.hasBackoffLimit() ? spec : spec.withBackoffLimit(spec.hasBackoffLimitPerIndex() ? Integer.MAX_VALUE : BACKOFF_LIMIT);
        spec = spec.hasCompletionMode() ? spec : spec.withCompletionMode("NonIndexed");
        spec = spec.hasSuspend() ? spec : spec.withSuspend(false);
        spec = spec.hasPodReplacementPolicy() ? spec : spec.withPodReplacementPolicy(spec.hasPodFailurePolicy() ? "Failed" : "TerminatingOrFailed");
        spec = spec.hasManualSelector() ? spec : spec.withManualSelector(false);
        job = job.withSpec(spec);
        Map<String, String> labels = spec.template().metadata().labels();
        return job.metadata().labels().isEmpty() && !labels.isEmpty() ? job.withMetadata(meta -> meta.withLabels(labels)) : job;
    }

    /// What the template of a job in a cron job gets, too.
    static JobSpec withDefaults(JobSpec sent) {
        JobSpec spec = sent.withTemplate(PodDefaults::template);
        if (!spec.hasPodFailurePolicy()) {
            return spec;
        }
        List<PodFailurePolicyRule> rules = Elements.map(spec.podFailurePolicy().rules(), rule -> rule.onPodConditions().isEmpty()
                ? rule
                : rule.withOnPodConditions(Elements.map(rule.onPodConditions(), on -> on.status().isEmpty() ? on.withStatus("True") : on)));
        return spec.withPodFailurePolicy(policy -> policy.withRules(rules));
    }

    /// A job selects its pods by its own uid, unless it says how. Labels that it took over from its template by default are the very same there, and change with them.
    @SuppressWarnings("ReferenceEquality") // being the very same tells those that were taken over from those that were given
    private static Job withSelector(Job job) {
        Job selecting = withSelectorAndLabels(job);
        boolean takenOver = !job.metadata().labels().isEmpty() && job.metadata().labels() == job.spec().template().metadata().labels();
        return takenOver ? selecting.withMetadata(meta -> meta.withLabels(selecting.spec().template().metadata().labels())) : selecting;
    }

    private static Job withSelectorAndLabels(Job job) {
        String uid = job.metadata().uid();
        String name = job.metadata().name();
        Map<String, String> labels = new LinkedHashMap<>(job.spec().template().metadata().labels());
        labels.putIfAbsent(OLD_JOB_NAME, name);
        labels.putIfAbsent(JOB_NAME, name);
        labels.putIfAbsent(OLD_CONTROLLER_UID, uid);
        labels.putIfAbsent(CONTROLLER_UID, uid);
        Map<String, String> matching = new LinkedHashMap<>(job.spec().selector().matchLabels());
        matching.putIfAbsent(CONTROLLER_UID, uid);
        return job.withSpec(spec -> spec.withSelector(selector -> selector.withMatchLabels(matching))
                .withTemplate(template -> template.withMetadata(meta -> meta.withLabels(labels))));
    }

    /// What is stored without labels has its template's when it is read (so the answer to a dry run shows none).
    private static Job labelled(Job job, WriteContext context) {
        return context.dryRun() || !job.metadata().labels().isEmpty() ? job : job.withMetadata(meta -> meta.withLabels(job.spec().template().metadata().labels()));
    }

    static boolean isTrue(Job job, String condition) {
        return job.status().conditions().stream().anyMatch(c -> c.type().equals(condition) && c.status().equals("True"));
    }

    private static String state(Job job) {
        if (isTrue(job, "Complete")) {
            return "Complete";
        }
        if (isTrue(job, "Failed")) {
            return "Failed";
        }
        if (job.metadata().hasDeletionTimestamp()) {
            return "Terminating";
        }
        return List.of("Suspended", "FailureTarget", "SuccessCriteriaMet").stream().filter(condition -> isTrue(job, condition)).findFirst().orElse("Running");
    }

    private static String completions(Job job) {
        if (job.spec().hasCompletions()) {
            return job.status().succeeded() + "/" + job.spec().completions();
        }
        return job.spec().parallelism() > 1 ? job.status().succeeded() + "/1 of " + job.spec().parallelism() : job.status().succeeded() + "/1";
    }

    private static String duration(JobStatus status, Instant now) {
        Instant start = status.startTime();
        Instant end = status.completionTime();
        return start == null ? "" : Cells.duration(Duration.between(start, end == null ? now : end));
    }
}
