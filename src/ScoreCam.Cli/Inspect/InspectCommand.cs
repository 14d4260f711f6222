using System.CommandLine;

namespace ScoreCam.Cli.Inspect;

/// <summary><c>scorecam inspect</c>: the facts about a model and its layers.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        ModelArguments arguments = new();
        Option<bool> json = new("--json") { Description = "Write JSON instead of a table." };
        Command command = new("inspect", "Lists the inputs, the outputs and the explainable layers of a model.");
        arguments.AddTo(command);
        command.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            InvocationConfiguration streams = parsed.InvocationConfiguration;
            ImageModel? model = null;
            await ProgressView.ShowAsync(Screen.Open(streams.Output), streams.Error, runs: 1, nextRun =>
            {
                model = arguments.Load(parsed);
                // The layers are found by running the network once, which takes a while for a large network.
                _ = model.Layers;
                return Task.CompletedTask;
            });
            using ImageModel loaded = model!;
            if (parsed.GetValue(json))
                ModelJson.Write(loaded, streams.Output);
            else
                ModelTable.Write(loaded, streams.Output);
            return ExitCodes.Success;
        });
        return command;
    }
}
