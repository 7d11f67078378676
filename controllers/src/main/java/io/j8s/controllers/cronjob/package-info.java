/// Makes Jobs at the times that CronJobs name.
@NullMarked
package io.j8s.controllers.cronjob;

import org.jspecify.annotations.NullMarked;
