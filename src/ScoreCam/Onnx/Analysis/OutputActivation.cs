using ScoreCam.IO;
using ScoreCam.Onnx.Model;
using ScoreCam.Onnx.Wire;

namespace ScoreCam.Onnx.Analysis;

/// <summary>Finds the logits: the tensor before a closing Softmax, Sigmoid or LogSoftmax.</summary>
internal static class OutputActivation
{
    // Between an output and its ending stand a few reshapes and casts; a graph of many outputs must not be walked for each.
    private const int MostSteps = 64;

    /// <summary>How good an output is as the scores of classes; more is better.</summary>
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

    /// <summary>Finds what to score.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="output">Name of the output with the scores; null to choose: probabilities first, then what has the shape of class scores, the first of equals.</param>
    /// <exception cref="UnsupportedModelException">No such output, or none that holds the scores of classes.</exception>
    public static ScoreSource Find(OnnxGraph graph, string? output)
    {
        if (graph.Outputs.Count == 0)
            throw new UnsupportedModelException("The model declares no outputs.");
        List<Lead> leads = [.. graph.Outputs.Select(o => Follow(graph, o))];
        Lead chosen = output is null ? Choose(graph, leads) : Named(leads, output);
        if (!chosen.Output.IsTensor && chosen.Tensor == chosen.Output.Name)
            throw new UnsupportedModelException($"The output '{chosen.Output.Name}' is not a tensor, and no tensor of scores leads to it. {Outputs(leads)}");
        return new ScoreSource
        {
            Output = chosen.Output.Name,
            Tensor = chosen.Tensor,
            Ending = chosen.Ending,
            OutputIsLabel = chosen.IsLabel,
            Quantization = Quantization.Of(graph, chosen.Tensor),
            AlternativeOutputs = [.. leads.Where(l => l.Fitness >= Fitness.Shape && l.Tensor != chosen.Tensor).Select(l => l.Output.Name)],
        };
    }

    private static Lead Named(List<Lead> leads, string output) =>
        leads.Find(l => l.Output.Name == output)
        ?? throw new UnsupportedModelException($"The model has no output '{output}'{Suggestion.DidYouMean(output, leads.Select(l => l.Output.Name)) ?? "."} {Outputs(leads)}");

    private static Lead Choose(OnnxGraph graph, List<Lead> leads)
    {
        if (leads.Count == 1)
            return leads[0];
        Fitness best = leads.Max(l => l.Fitness);
        if (best == Fitness.No)
            throw new UnsupportedModelException($"None of the outputs has the shape of class scores; name one with {nameof(ModelOptions)}.{nameof(ModelOptions.Output)}. {Outputs(leads)}");
        List<Lead> equals = leads.FindAll(l => l.Fitness == best);
        if (equals.Count == 1)
            return equals[0];
        // An embedding has the shape of scores too: the scores are what is computed from it.
        HashSet<string> before = graph.AncestorsWithout(equals.Select(l => l.Tensor));
        return equals.Find(l => !before.Contains(l.Tensor)) ?? equals[0];
    }

    private static Lead Follow(OnnxGraph graph, OnnxValue output)
    {
        string current = output.Name, scored = current;
        bool labelled = false;
        for (int step = 0; step < MostSteps && graph.Producer(current) is { } node; step++)
        {
            // Labels are looked up by the second input, in a table that is the first.
            if (node.Input(node.OpType == "ArrayFeatureExtractor" ? 1 : 0) is not { } input)
                break;
            Ending ending = EndingOf(node);
            if (ending != Ending.None)
                return new Lead(output, input, ending, labelled ? Fitness.LabelledEnding : Fitness.Ending, labelled);
            if (Operators.IsLabelling(node))
            {
                labelled = true;
                scored = input;
            }
            else if (node.Outputs[0] != current || !(Operators.IsShapeOnly(node) || Operators.IsConversion(node) || node.OpType is "Log" or "Exp"))
            {
                break;
            }
            current = input;
        }
        return new Lead(output, scored, Ending.None, labelled ? Fitness.Perhaps : FitnessOf(output), labelled);
    }

    private static Ending EndingOf(OnnxNode node) => node.OpType switch
    {
        "Softmax" or "QLinearSoftmax" => Ending.Softmax,
        "Sigmoid" or "QLinearSigmoid" => Ending.Sigmoid,
        "LogSoftmax" => Ending.LogSoftmax,
        _ => Ending.None,
    };

    private static Fitness FitnessOf(OnnxValue output)
    {
        if (!output.IsTensor || output.ElementType is not (ElementType.Undefined or ElementType.Float or ElementType.Float16 or ElementType.Double
                or ElementType.BFloat16 or ElementType.UInt8 or ElementType.Int8))
            return Fitness.No;
        return output.Dims switch
        {
            null => Fitness.Perhaps,
            [_, _] or [_, _, 1, 1] or [_, 1, 1, _] => Fitness.Shape,
            _ => Fitness.No,
        };
    }

    private static string Outputs(List<Lead> leads) => $"Outputs: {string.Join("; ", leads.Select(l => l.Output))}.";

    private sealed record Lead(OnnxValue Output, string Tensor, Ending Ending, Fitness Fitness, bool IsLabel);
}
