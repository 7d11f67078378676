/// Runs Jobs: pods until enough of them have succeeded or too many have failed, each counted exactly once.
///
/// Every pod of a job carries a finalizer until it is counted. Counting takes two writes: the uid of a finished pod goes into the job's status as uncounted, then its finalizer
/// goes, then the uid becomes a number. Whatever breaks between them, no pod is missed and none counted twice (KEP-2307).
@NullMarked
package io.j8s.controllers.job;

import org.jspecify.annotations.NullMarked;
