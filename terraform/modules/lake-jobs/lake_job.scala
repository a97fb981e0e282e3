import com.amazonaws.services.glue.util.GlueArgParser
import dev.tenantlake.cli.CommandRunner
import dev.tenantlake.etl.LakeJob
import scala.collection.JavaConverters._

/** Starts LakeJob on Glue, which gives a job its settings as arguments and not as environment variables. */
object LakeJobOnGlue {

  def main(arguments: Array[String]): Unit = {
    val given = GlueArgParser.getResolvedOptions(
      arguments,
      Array("lake_bucket", "lake_region", "lake_mode", "lake_stage"))
    val environment = sys.env ++ Map(
      "TENANTLAKE_BUCKET" -> given("lake_bucket"),
      "AWS_REGION" -> given("lake_region"))

    val exitCode = CommandRunner.run(
      new LakeJob(environment.asJava),
      "--mode", given("lake_mode"),
      "--stage", given("lake_stage"))
    // An exception is what Glue takes for a failure; the reason has been written to the log.
    if (exitCode != 0) {
      throw new IllegalStateException(s"LakeJob ended with exit code $exitCode")
    }
  }
}
