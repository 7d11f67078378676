package io.j8s.generator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A table of tab-separated values with a heading line.
record Table(List<Row> rows) {

    record Row(Map<String, Integer> columns, String[] cells) {
        String cell(String column) {
            Integer place = columns.get(column);
            if (place == null) {
                throw new IllegalArgumentException("the table has no column \"" + column + "\", only " + columns.keySet());
            }
            return place < cells.length ? cells[place] : "";
        }
    }

    static Table read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        Map<String, Integer> columns = new HashMap<>();
        String[] heading = lines.getFirst().split("\t");
        for (int i = 0; i < heading.length; i++) {
            columns.put(heading[i], i);
        }
        List<Row> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            rows.add(new Row(columns, line.split("\t", -1)));
        }
        return new Table(List.copyOf(rows));
    }
}
