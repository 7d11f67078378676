/// Server-side apply: which manager owns which fields, what an applied configuration changes, and where it conflicts (KEP-555; the rules are those of
/// structured-merge-diff). Everything here is pure: values in, values out, the time is a parameter. It runs on every write of the API server, so nothing
/// is rebuilt that did not change: unchanged parts are the same objects before and after.
@NullMarked
package io.j8s.model.apply;

import org.jspecify.annotations.NullMarked;
