using ArchUnitNET.Domain;
using ArchUnitNET.Loader;

namespace ScoreCam.Tests.Architecture;

/// <summary>
/// The rooms of src/ScoreCam and the rooms that each may know. A room is a folder, and a folder is a namespace.
/// The root namespace is two rooms: <c>ImageModel</c> and <c>Explainer</c> are the facade, its other types are the
/// vocabulary.
/// </summary>
internal static class Rooms
{
    public const string Vocabulary = "Vocabulary", Facade = "Facade";

    private static readonly string[] Ground = [Vocabulary, "Numerics", "IO", "Images"];
    private static readonly string[] OnnxFiles = ["Onnx.Wire", "Onnx.Model", "Onnx.Analysis", "Onnx.Editing"];
    private static readonly string[] Onnx = [.. OnnxFiles, "Onnx.Runtime"];
    private static readonly string[] BelowMethods = [.. Ground, "Targets", .. Onnx, "Execution", Facade];

    /// <summary>Each room with the rooms that it may know, besides itself.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> MayKnow = new Dictionary<string, string[]>
    {
        ["Numerics"] = [],
        ["IO"] = [],
        ["Images"] = ["Numerics", "IO"],
        ["Rendering"] = Ground,
        ["IO.Explanations"] = Ground,
        // SaliencyMap and Explanation have members that draw and save.
        [Vocabulary] = ["Numerics", "IO", "IO.Explanations", "Images", "Rendering"],
        ["Targets"] = [Vocabulary, "Numerics"],
        ["Onnx.Wire"] = [Vocabulary],
        ["Onnx.Model"] = [Vocabulary, "Numerics", "IO", "Onnx.Wire"],
        ["Onnx.Analysis"] = [Vocabulary, "Numerics", "IO", "Onnx.Wire", "Onnx.Model"],
        ["Onnx.Editing"] = [Vocabulary, "Numerics", "IO", "Onnx.Wire", "Onnx.Model", "Onnx.Analysis"],
        ["Onnx.Runtime"] = [.. Ground, .. OnnxFiles],
        ["Execution"] = [.. Ground, "Targets", .. Onnx],
        [Facade] = [.. Ground, "Targets", .. Onnx, "Execution"],
        ["Methods"] = BelowMethods,
        ["Methods.ScoreCam"] = [.. BelowMethods, "Methods"],
        // ViT-CX begins with the masks of Score-CAM, and Eigen-Grad-CAM ends as Eigen-CAM does.
        ["Methods.Activation"] = [.. BelowMethods, "Methods", "Methods.ScoreCam"],
        ["Methods.Gradient"] = [.. BelowMethods, "Methods", "Methods.ScoreCam", "Methods.Activation"],
        ["Methods.Perturbation"] = [.. BelowMethods, "Methods", "Methods.ScoreCam"],
        ["Methods.Controls"] = [.. BelowMethods, "Methods", "Methods.ScoreCam"],
        ["Evaluation"] = [.. BelowMethods, "Methods", "Rendering"],
        ["Export"] = [.. BelowMethods, "Methods", "Methods.Activation", "Methods.Gradient"],
    };

    /// <summary>The types of src/ScoreCam by the room they are in, with all that they use.</summary>
    public static readonly ILookup<string, IType> Types = Load();

    /// <summary>The room of a type of src/ScoreCam; null for a type of another assembly.</summary>
    public static string? Of(IType type)
    {
        // A type parameter has no namespace.
        string? space = type.Namespace?.FullName;
        bool isOurs = space == "ScoreCam" || space?.StartsWith("ScoreCam.", StringComparison.Ordinal) == true;
        return isOurs ? Of(space!, type.Name) : null;
    }

    /// <summary>The room of a namespace of src/ScoreCam.</summary>
    /// <param name="space">The namespace.</param>
    /// <param name="type">The type. Only in the root namespace does the room depend on it.</param>
    public static string Of(string space, string type)
    {
        if (space == "ScoreCam")
            return type.Split('+')[0] is nameof(ImageModel) or nameof(Explainer) ? Facade : Vocabulary;
        string path = space["ScoreCam.".Length..];
        // A room may have folders of its own: Methods.ScoreCam.Sampling is a part of Methods.ScoreCam.
        return MayKnow.Keys
            .Where(room => path == room || path.StartsWith($"{room}.", StringComparison.Ordinal))
            .MaxBy(room => room.Length) ?? path;
    }

    private static ILookup<string, IType> Load()
    {
        ArchLoader loader = new ArchLoader().LoadAssemblies(typeof(ImageModel).Assembly);
        return loader.Build().Types.Where(type => Of(type) is not null).ToLookup(type => Of(type)!);
    }
}
