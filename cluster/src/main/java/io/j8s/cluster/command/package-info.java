/// The commands of `j8s`: one class for each, in the order in which help lists them. They print for people on standard output; causes and next steps
/// go to standard error, with an exit status that says the kind ([io.j8s.cluster.host.Failure]).
@NullMarked
package io.j8s.cluster.command;

import org.jspecify.annotations.NullMarked;
