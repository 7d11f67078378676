/// The API of other servers behind ours (APIService): who answers for a group and version, whether he can be reached, and how requests get there.
@NullMarked
package io.j8s.apiserver.aggregation;

import org.jspecify.annotations.NullMarked;
