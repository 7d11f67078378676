/// Priority and fairness (KEP-1040): which requests may run now, which wait, and which are turned away, so that one greedy client cannot starve the others.
@NullMarked
package io.j8s.apiserver.flow;

import org.jspecify.annotations.NullMarked;
