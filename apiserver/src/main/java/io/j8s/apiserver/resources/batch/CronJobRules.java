package io.j8s.apiserver.resources.batch;

import io.j8s.apiserver.resource.Names;
import io.j8s.apiserver.resources.core.NumberRules;
import io.j8s.apiserver.status.FieldErrors;
import io.j8s.apiserver.status.FieldPath;
import io.j8s.model.batch.v1.CronJob;
import io.j8s.model.batch.v1.CronJobSpec;
import io.j8s.model.batch.v1.JobSpec;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The rules for cron jobs.
final class CronJobRules {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final int LONGEST_NAME = 52;
    private static final Pattern ZONE_PART = Pattern.compile("[A-Za-z.\\-_0-9+]{1,14}");
    private static final List<String> POLICIES = List.of("Allow", "Forbid", "Replace");

    private CronJobRules() {}

    static void create(CronJob job, FieldErrors errors) {
        rules(job, null, errors);
        if (job.metadata().name().length() > LONGEST_NAME) {
            errors.invalid(FieldPath.of("metadata").child("name"), job.metadata().name(), "must be no more than " + LONGEST_NAME + " characters");
        }
    }

    static void update(CronJob job, CronJob old, FieldErrors errors) {
        rules(job, old.spec(), errors);
    }

    private static void rules(CronJob job, @Nullable CronJobSpec old, FieldErrors errors) {
        CronJobSpec spec = job.spec();
        schedule(spec, old, SPEC.child("schedule"), errors);
        NumberRules.notNegative(spec.startingDeadlineSeconds(), SPEC.child("startingDeadlineSeconds"), errors);
        if (spec.hasTimeZone() && (old == null || !old.hasTimeZone() || !old.timeZone().equals(spec.timeZone()))) {
            timeZone(spec.timeZone(), SPEC.child("timeZone"), errors);
        }
        if (!POLICIES.contains(spec.concurrencyPolicy())) {
            errors.notSupported(SPEC.child("concurrencyPolicy"), spec.concurrencyPolicy(), POLICIES);
        }
        JobSpec template = spec.jobTemplate().spec();
        FieldPath path = SPEC.child("jobTemplate").child("spec");
        JobRules.spec(template, path, errors);
        if (template.hasSelector()) {
            errors.invalid(path.child("selector"), template.selector(), "`selector` will be auto-generated");
        }
        if (template.manualSelector()) {
            errors.notSupported(path.child("manualSelector"), true, List.of("nil", "false"));
        }
        NumberRules.notNegative(spec.successfulJobsHistoryLimit(), SPEC.child("successfulJobsHistoryLimit"), errors);
        NumberRules.notNegative(spec.failedJobsHistoryLimit(), SPEC.child("failedJobsHistoryLimit"), errors);
    }

    private static void schedule(CronJobSpec spec, @Nullable CronJobSpec old, FieldPath path, FieldErrors errors) {
        if (spec.schedule().isEmpty()) {
            errors.required(path);
            return;
        }
        String problem = CronSchedule.problem(spec.schedule());
        if (!problem.isEmpty()) {
            errors.invalid(path, spec.schedule(), problem);
        }
        if (spec.schedule().contains("TZ")) {
            boolean had = old != null && old.schedule().contains("TZ");
            if (!had) {
                errors.invalid(path, spec.schedule(), "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
            } else if (spec.hasTimeZone()) {
                errors.invalid(path, spec.schedule(), "cannot use both timeZone field and TZ or CRON_TZ in schedule");
            }
        }
    }

    private static void timeZone(String zone, FieldPath path, FieldErrors errors) {
        if (zone.isEmpty()) {
            errors.invalid(path, zone, "timeZone must be nil or non-empty string");
            return;
        }
        for (String part : zone.split("/", -1)) {
            if (part.equals(".") || part.equals("..") || part.startsWith("-") || !ZONE_PART.matcher(part).matches()) {
                errors.invalid(path, zone, "unknown time zone " + zone);
                return;
            }
        }
        if (zone.equalsIgnoreCase("Local")) {
            errors.invalid(path, zone, "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones");
        }
        if (!isZone(zone)) {
            errors.invalid(path, zone, "unknown time zone " + zone);
        }
    }

    private static boolean isZone(String zone) {
        try {
            ZoneId.of(zone);
            return !zone.startsWith("+") && !zone.startsWith("GMT+") && !zone.startsWith("UTC+");
        } catch (DateTimeException e) {
            return zone.equals("Local") || List.of("EST", "MST", "HST").contains(zone);
        }
    }

    static List<String> warnings(CronJob job, @Nullable CronJob old) {
        List<String> warnings = new ArrayList<>();
        if (old == null && !Names.dnsLabel(job.metadata().name()).isEmpty()) {
            warnings.add("metadata.name: this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended: "
                    + Names.dnsLabel(job.metadata().name()));
        }
        if (old == null || job.metadata().generation() != old.metadata().generation()) {
            FieldPath path = SPEC.child("jobTemplate").child("spec");
            warnings.addAll(JobRules.specWarnings(job.spec().jobTemplate().spec(), old == null ? null : old.spec().jobTemplate().spec(), path));
        }
        if (old != null && job.spec().schedule().contains("TZ")) {
            warnings.add("cannot use TZ or CRON_TZ in spec.spec.schedule, use timeZone instead, see "
                    + "https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details");
        }
        return warnings;
    }
}
