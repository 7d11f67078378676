package io.j8s.apiserver.resources.batch;

import io.j8s.apiserver.resource.Cells;
import io.j8s.apiserver.resource.Resource;
import io.j8s.apiserver.resource.ResourceBuilder;
import io.j8s.apiserver.resources.core.WorkloadCells;
import io.j8s.model.batch.v1.CronJob;
import io.j8s.model.batch.v1.CronJobSpec;

/// `cronjobs.batch`
final class CronJobs {

    private static final int KEPT_SUCCESSES = 3;
    private static final int KEPT_FAILURES = 1;

    private CronJobs() {}

    static Resource<CronJob> resource() {
        ResourceBuilder<CronJob> jobs = Resource.of(CronJob.RESOURCE)
                .metadataNotRevalidated()
                .shortNames("cj")
                .categories("all")
                .defaults(CronJobs::defaults)
                .generationOfSpec()
                .createRules(CronJobRules::create)
                .updateRules(CronJobRules::update)
                .warnings(CronJobRules::warnings)
                .status((object, old, errors) -> {})
                .table(table -> table
                        .nameColumn()
                        .column("Schedule", "string", "When jobs are made, as in a crontab.", (job, now) -> job.spec().schedule())
                        .column("Timezone", "string", "The time zone of the schedule.", (job, now) -> job.spec().hasTimeZone() ? job.spec().timeZone() : "<none>")
                        .column("Suspend", "boolean", "Whether no jobs are made for now.", (job, now) -> job.spec().hasSuspend() ? (job.spec().suspend() ? "True" : "False") : "<unset>")
                        .column("Active", "integer", "How many of its jobs run.", (job, now) -> job.status().active().size())
                        .column("Last Schedule", "string", "How long ago the last job was made.", (job, now) -> job.status().lastScheduleTime() == null ? "<none>" : Cells.age(job.status().lastScheduleTime(), now))
                        .ageColumn());
        return WorkloadCells.containersAndSelector(
                        jobs, job -> job.spec().jobTemplate().spec().template().spec(),
                        job -> job.spec().jobTemplate().spec().hasSelector() ? WorkloadCells.selector(job.spec().jobTemplate().spec().selector()) : "<none>")
                .build();
    }

    private static CronJob defaults(CronJob sent) {
        CronJobSpec spec = sent.spec();
        spec = spec.concurrencyPolicy().isEmpty() ? spec.withConcurrencyPolicy("Allow") : spec;
        spec = spec.hasSuspend() ? spec : spec.withSuspend(false);
        spec = spec.hasSuccessfulJobsHistoryLimit() ? spec : spec.withSuccessfulJobsHistoryLimit(KEPT_SUCCESSES);
        spec = spec.hasFailedJobsHistoryLimit() ? spec : spec.withFailedJobsHistoryLimit(KEPT_FAILURES);
        return sent.withSpec(spec.withJobTemplate(template -> template.withSpec(Jobs::withDefaults)));
    }
}
