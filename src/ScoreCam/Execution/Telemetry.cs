using System.Diagnostics;
using System.Diagnostics.Metrics;
using ScoreCam.IO;

namespace ScoreCam.Execution;

/// <summary>
/// Activities and metrics for OpenTelemetry and other listeners: an <see cref="ActivitySource"/> and a
/// <see cref="Meter"/>, both named <c>ScoreCam</c>. Without a listener they cost nothing. Names and units are
/// documented in docs/reliability.md.
/// </summary>
internal static class Telemetry
{
    private const string Name = "ScoreCam";

    private static readonly ActivitySource Source = new(Name, LibraryVersion.Current);
    private static readonly Meter Meter = new(Name, LibraryVersion.Current);

    private static readonly Histogram<double> LoadTime =
        Meter.CreateHistogram<double>("scorecam.load.duration", "s", "Time to load a model.");

    private static readonly Histogram<double> ExplainTime =
        Meter.CreateHistogram<double>("scorecam.explain.duration", "s", "Time of an explanation, of all its targets.");

    private static readonly Histogram<int> Passes =
        Meter.CreateHistogram<int>("scorecam.explain.passes", "{pass}", "Runs of the network for an explanation.");

    private static readonly Histogram<int> GradientPasses = Meter.CreateHistogram<int>(
        "scorecam.explain.gradient_passes", "{gradient}", "Gradients computed for an explanation.");

    private static readonly Histogram<int> LiveChannels = Meter.CreateHistogram<int>(
        "scorecam.explain.live_channels", "{channel}", "Channels of an explained layer that are not constant.");

    private static readonly Histogram<double> QueueTime = Meter.CreateHistogram<double>(
        "scorecam.queue.duration", "s", "Time that work waits until a worker begins it.");

    /// <summary>Whether a listener measures the time that work waits in the queue.</summary>
    public static bool MeasuresQueue => QueueTime.Enabled;

    /// <summary>Records that work has begun that was queued at the given time stamp.</summary>
    public static void Dequeued(long queued) => QueueTime.Record(Stopwatch.GetElapsedTime(queued).TotalSeconds);

    /// <summary>Loads a model inside an activity.</summary>
    public static T Load<T>(Func<T> load, Func<T, string> name)
    {
        using Activity? activity = Source.StartActivity("ScoreCam.Load");
        long start = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            T model = load();
            activity?.SetTag("scorecam.model", name(model));
            return model;
        }
        catch (Exception exception)
        {
            error = Failed(activity, exception);
            throw;
        }
        finally
        {
            LoadTime.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, Tags(null, error));
        }
    }

    /// <summary>Explains inside an activity.</summary>
    public static IReadOnlyList<Explanation> Explain(
        string model, string method, int targets, Func<IReadOnlyList<Explanation>> explain)
    {
        using Activity? activity = Source.StartActivity("ScoreCam.Explain");
        activity?.SetTag("scorecam.model", model);
        activity?.SetTag("scorecam.method", method);
        activity?.SetTag("scorecam.targets", targets);
        long start = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            IReadOnlyList<Explanation> explanations = explain();
            if (explanations is [var first, ..])
                Count(activity, method, first);
            return explanations;
        }
        catch (Exception exception)
        {
            error = Failed(activity, exception);
            throw;
        }
        finally
        {
            ExplainTime.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, Tags(method, error));
        }
    }

    private static void Count(Activity? activity, string method, Explanation explanation)
    {
        TagList tags = Tags(method, null);
        Passes.Record(explanation.Passes, tags);
        GradientPasses.Record(explanation.GradientPasses, tags);
        foreach (LayerEvidence layer in explanation.Layers)
            LiveChannels.Record(layer.Layer.Channels - layer.DeadChannels, tags);
        activity?.SetTag("scorecam.passes", explanation.Passes);
        activity?.SetTag("scorecam.gradient_passes", explanation.GradientPasses);
        activity?.SetTag("scorecam.warnings", explanation.Warnings.Count);
    }

    private static string Failed(Activity? activity, Exception exception)
    {
        string kind = exception switch
        {
            OperationCanceledException => "cancelled",
            UnsupportedModelException => "unsupported_model",
            ScoreCamException => "network",
            ArgumentException => "argument",
            ObjectDisposedException => "disposed",
            IOException or InvalidDataException => "file",
            _ => "other",
        };
        activity?.SetTag("error.type", kind);
        if (kind != "cancelled")
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
        return kind;
    }

    private static TagList Tags(string? method, string? error)
    {
        var tags = default(TagList);
        if (method is not null)
            tags.Add("scorecam.method", method);
        if (error is not null)
            tags.Add("error.type", error);
        return tags;
    }
}
