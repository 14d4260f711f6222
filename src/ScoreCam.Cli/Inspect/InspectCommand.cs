using System.CommandLine;

namespace ScoreCam.Cli.Inspect;

/// <summary><c>scorecam inspect</c>: the facts about a model and its layers.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        ModelArguments arguments = new();
        Option<bool> json = new("--json") { Description = "Write JSON instead of a table." };
        Command command = new("inspect", "Says what a model takes and gives, and which layers can be explained.");
        arguments.AddTo(command);
        command.Add(json);
        command.SetAction(parsed =>
        {
            using ImageModel model = arguments.Load(parsed);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                ModelJson.Write(model, output);
            else
                ModelTable.Write(model, output);
            return ExitCodes.Success;
        });
        return command;
    }
}
