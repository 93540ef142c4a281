"""Redacts a directory of compressed logs on a Spark cluster, with one blackbar for each file.

    spark-submit archive.py hdfs:///logs/2024 hdfs:///redacted/2024 \
        "/usr/local/bin/blackbar --style hmac --key-file /etc/blackbar.key"

The command has to be installed on every worker, with the same key if there is one. Spark
repeats a task that fails, and discards its output. There is one output file for each input, in the order of their names.
"""

import sys

from pyspark.sql import SparkSession

source, target, command = sys.argv[1:]
spark = SparkSession.builder.appName("blackbar").getOrCreate()
context = spark.sparkContext

hadoop = context._jvm.org.apache.hadoop
pattern = hadoop.fs.Path(source, "*.gz")
found = pattern.getFileSystem(context._jsc.hadoopConfiguration()).globStatus(pattern)
files = sorted(file.getPath().toString() for file in found)

# A line ends only at a line feed, so that carriage returns stay. A gzip file is never split, so that a name
# on one line and its value on the next reach the same blackbar.
lines = [
    context.newAPIHadoopFile(
        file,
        "org.apache.hadoop.mapreduce.lib.input.TextInputFormat",
        "org.apache.hadoop.io.LongWritable",
        "org.apache.hadoop.io.Text",
        conf={"textinputformat.record.delimiter": "\n"},
    ).values()
    for file in files
]
# checkCode makes a task fail if its blackbar fails. Without it, a log would be truncated without a message.
redacted = context.union(lines).pipe(command, checkCode=True)
redacted.saveAsTextFile(target, "org.apache.hadoop.io.compress.GzipCodec")
spark.stop()
