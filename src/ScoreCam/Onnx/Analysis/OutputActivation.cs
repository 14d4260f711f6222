using ScoreCam.IO;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Analysis;

/// <summary>Finds the logits: the tensor before a final Softmax, Sigmoid or LogSoftmax.</summary>
internal static class OutputActivation
{
    // A few reshapes and casts can be between an output and its ending. A graph with many outputs must not be walked
    // completely for each output.
    private const int MostSteps = 64;

    private const string Option = $"{nameof(ModelOptions)}.{nameof(ModelOptions.Output)}";

    /// <summary>Parts of the names that training code gives to outputs other than the class scores.</summary>
    private static readonly string[] SideNames = ["aux", "embed", "feature", "hidden_state", "pooler"];

    /// <summary>How suitable an output is as the class scores; a higher value is better.</summary>
    private enum Fitness
    {
        /// <summary>Maps, boxes, integers.</summary>
        No,

        /// <summary>A label, or a tensor of unknown shape.</summary>
        Perhaps,

        /// <summary>Has the shape of class scores.</summary>
        Shape,

        /// <summary>A label or dictionary made from probabilities.</summary>
        LabelledEnding,

        /// <summary>Ends in probabilities.</summary>
        Ending,
    }

    /// <summary>Finds the tensor to score.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="flow">The path of the picture through the network.</param>
    /// <param name="output">The name of the output with the scores; null to choose one.</param>
    /// <exception cref="UnsupportedModelException">
    /// The output does not exist, or no output contains class scores.
    /// </exception>
    public static ScoreSource Find(OnnxGraph graph, ImageFlow flow, string? output)
    {
        if (graph.Outputs.Count == 0)
            throw new UnsupportedModelException("The model declares no outputs.");
        List<Lead> leads = [.. graph.Outputs.Select(o => Follow(graph, o))];
        (Lead chosen, string? warning) = output is null ? Choose(graph, flow, leads) : (Named(leads, output), null);
        if (!chosen.Output.IsTensor && chosen.Tensor == chosen.Output.Name)
            throw new UnsupportedModelException(
                $"The output '{chosen.Output.Name}' is not a tensor, and no tensor of scores leads to it. "
                + Outputs(leads));
        return new ScoreSource
        {
            Output = chosen.Output.Name,
            Tensor = chosen.Tensor,
            Ending = chosen.Ending,
            Quantization = Quantization.Of(graph, chosen.Tensor),
            AlternativeOutputs = [.. Others(leads, chosen).Select(l => l.Output.Name)],
            Warning = warning,
            IsCertain = chosen.Ending != Ending.None || ScoreBounds.AreOpen(graph, chosen.Tensor),
        };
    }

    private static IEnumerable<Lead> Others(List<Lead> leads, Lead chosen) =>
        leads.Where(l => l.Fitness >= Fitness.Shape && l.Tensor != chosen.Tensor);

    private static Lead Named(List<Lead> leads, string output) =>
        leads.Find(l => l.Output.Name == output)
        ?? throw new UnsupportedModelException(
            $"The model has no output '{output}'"
            + $"{Suggestion.DidYouMean(output, leads.Select(l => l.Output.Name)) ?? "."} {Outputs(leads)}");

    /// <summary>
    /// Chooses the output. Probabilities come first, and then outputs with the shape of class scores. Tensors from
    /// which other outputs are computed come later, and so do outputs named like an auxiliary head or an embedding. Of
    /// heads with the same number of classes, the deepest comes first, and then the first in order.
    /// </summary>
    private static (Lead Chosen, string? Warning) Choose(OnnxGraph graph, ImageFlow flow, List<Lead> leads)
    {
        if (leads.Count == 1)
            return (leads[0], null);
        Fitness best = leads.Max(l => l.Fitness);
        if (best == Fitness.No)
            throw new UnsupportedModelException(
                $"None of the outputs has the shape of class scores; name one with {Option}. {Outputs(leads)}");
        List<Lead> left = leads.FindAll(l => l.Fitness == best);
        // An embedding also has the shape of scores. The scores are computed from it.
        HashSet<string> before = graph.AncestorsWithout(left.Select(l => l.Tensor));
        Keep(left, l => !before.Contains(l.Tensor));
        Keep(left, l => !IsNamedAsSide(l));
        Lead chosen = left[0];
        if (left.TrueForAll(l => Classes(l) is { } classes && classes == Classes(left[0])))
            chosen = left.MaxBy(l => flow[l.Tensor]?.Depth ?? 0)!;
        HashSet<string> inside = graph.Ancestors(chosen.Tensor);
        HashSet<string> after = Descendants(graph, chosen.Tensor);
        List<Lead> open = [.. Others(leads, chosen).Where(IsOpen)];
        if (open.Count == 0)
            return (chosen, null);
        string names = string.Join(", ", open.Prepend(chosen).Select(l => $"'{l.Output.Name}'{Shape(l)}"));
        string warning = $"Several outputs could hold the class scores: {names}. "
            + $"'{chosen.Output.Name}' is explained; {Option} names another one.";
        return (chosen, warning);

        bool IsOpen(Lead lead) => !inside.Contains(lead.Tensor) && !after.Contains(lead.Tensor) && !IsNamedAsSide(lead);
    }

    private static void Keep(List<Lead> leads, Predicate<Lead> wanted)
    {
        if (leads.Exists(wanted))
            leads.RemoveAll(l => !wanted(l));
    }

    private static bool IsNamedAsSide(Lead lead) =>
        SideNames.Any(name => lead.Output.Name.Contains(name, StringComparison.OrdinalIgnoreCase));

    private static HashSet<string> Descendants(OnnxGraph graph, string tensor)
    {
        HashSet<string> found = [];
        var open = new Stack<string>([tensor]);
        while (open.TryPop(out string? current))
            foreach (string output in graph.Consumers(current).SelectMany(node => node.Outputs))
                if (found.Add(output))
                    open.Push(output);
        return found;
    }

    private static long? Classes(Lead lead)
    {
        if (lead.Output.Dims is not { Count: > 1 } dims || dims.Skip(1).Any(d => d <= 0))
            return null;
        return dims.Skip(1).Aggregate(1L, (product, d) => product * d);
    }

    private static string Shape(Lead lead) => lead.Output.Dims is { } dims
        ? $" [{string.Join(", ", dims.Select(d => d < 0 ? "?" : d.ToString()))}]"
        : "";

    private static Lead Follow(OnnxGraph graph, OnnxValue output)
    {
        string current = output.Name, scored = current;
        bool labelled = false;
        for (int step = 0; step < MostSteps && graph.Producer(current) is { } node; step++)
        {
            // Labels are looked up in a table, the first input, by the second input.
            if (node.Input(node.OpType == "ArrayFeatureExtractor" ? 1 : 0) is not { } input)
                break;
            Ending ending = EndingOf(node);
            if (ending != Ending.None)
                return new Lead(output, input, ending, labelled ? Fitness.LabelledEnding : Fitness.Ending);
            if (Operators.IsLabelling(node))
            {
                labelled = true;
                scored = input;
            }
            else if (node.Outputs[0] != current || !KeepsScores(node))
            {
                break;
            }
            current = input;
        }
        return new Lead(output, scored, Ending.None, labelled ? Fitness.Perhaps : FitnessOf(output));
    }

    private static bool KeepsScores(OnnxNode node) =>
        Operators.IsShapeOnly(node) || Operators.IsConversion(node) || node.OpType is "Log" or "Exp";

    private static Ending EndingOf(OnnxNode node) => node.OpType switch
    {
        "Softmax" or "QLinearSoftmax" => Ending.Softmax,
        "Sigmoid" or "QLinearSigmoid" => Ending.Sigmoid,
        "LogSoftmax" => Ending.LogSoftmax,
        _ => Ending.None,
    };

    private static Fitness FitnessOf(OnnxValue output)
    {
        bool isNumber = output.ElementType is ElementType.Undefined or ElementType.Float or ElementType.Float16
            or ElementType.Double or ElementType.BFloat16 or ElementType.UInt8 or ElementType.Int8;
        if (!output.IsTensor || !isNumber)
            return Fitness.No;
        return output.Dims switch
        {
            null => Fitness.Perhaps,
            [_, _] or [_, _, 1, 1] or [_, 1, 1, _] => Fitness.Shape,
            _ => Fitness.No,
        };
    }

    private static string Outputs(List<Lead> leads) => $"Outputs: {string.Join("; ", leads.Select(l => l.Output))}.";

    private sealed record Lead(OnnxValue Output, string Tensor, Ending Ending, Fitness Fitness);
}
