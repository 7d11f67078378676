/// Tests of the commands, by their flags.
@NullMarked
package io.j8s.cluster.command;

import org.jspecify.annotations.NullMarked;
