using System.Globalization;
using System.Text;

namespace ScoreCam.Cli.Evaluate;

/// <summary>One row per picture, method and metric, for spreadsheets and data frames.</summary>
internal static class EvaluationCsv
{
    public static void Write(EvaluationResult result, string path)
    {
        using StreamWriter writer =
            new(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        writer.WriteLine("model,picture,class_index,class_name,method,metric,value");
        foreach (CaseRecord record in result.Cases)
            foreach (MetricColumn metric in result.Setup.Metrics)
                writer.WriteLine(Csv.Join(
                    result.Setup.Name, record.Picture, record.ClassIndex.ToString(CultureInfo.InvariantCulture),
                    record.ClassName, record.Method, metric.Name,
                    record.Values.GetValueOrDefault(metric.Name)?.ToString("R", CultureInfo.InvariantCulture) ?? ""));
    }
}
