"""Redacts logs as they arrive in a directory, by Spark's Structured Streaming. What has been done is remembered in a
checkpoint, so it can be stopped and started again.

    spark-submit stream.py hdfs:///logs hdfs:///redacted hdfs:///checkpoint /usr/local/bin/blackbar

With a fifth argument it ends when all that is there is done.
"""

import sys

from pyspark.sql import SparkSession

source, target, checkpoint, command, *once = sys.argv[1:]
# A partition has one file and not several, so that nothing of one is taken for the start of the next.
spark = (
    SparkSession.builder.appName("blackbar")
    .config("spark.sql.files.openCostInBytes", "1g")
    .config("spark.sql.files.maxPartitionBytes", "1g")
    .getOrCreate()
)


def redact(batch, number):
    """Writes a batch, whole or not at all: the same number is the same batch, so a second try replaces the first."""
    redacted = batch.rdd.map(lambda row: row.value).pipe(command, checkCode=True)
    lines = redacted.map(lambda line: (line,)).toDF("value string")
    lines.write.mode("overwrite").option("compression", "gzip").text(f"{target}/batch={number}")


stream = (
    spark.readStream.option("lineSep", "\n")
    .text(source)
    .writeStream.foreachBatch(redact)
    .option("checkpointLocation", checkpoint)
)
stream = stream.trigger(availableNow=True) if once else stream.trigger(processingTime="10 seconds")
stream.start().awaitTermination()
