using System.Globalization;
using ScoreCam.Cli.Evaluate;
using ScoreCam.Evaluation;
using ScoreCam.Images;

namespace ScoreCam.Cli.Compare;

/// <summary>One picture as every column sees it.</summary>
internal sealed class Comparison
{
    public Comparison(string image, RgbImage picture, IReadOnlyList<ComparedMap> maps) => (Image, Picture, Maps) = (image, picture, maps);

    public string Image { get; }

    public RgbImage Picture { get; }

    public IReadOnlyList<ComparedMap> Maps { get; }

    /// <summary>Spearman's rank correlation of two maps, −1…1, as they lie on the picture.</summary>
    public double Agreement(int first, int second) => MapSimilarity.Spearman(Maps[first].Small, Maps[second].Small);

    /// <summary>Where a map differs from the first one: positive where it is larger, −1…1.</summary>
    public Explanation DifferenceToFirst(int index)
    {
        ReadOnlySpan<float> first = Maps[0].Small.Values, other = Maps[index].Small.Values;
        float[] difference = new float[first.Length];
        for (int i = 0; i < difference.Length; i++)
            difference[i] = other[i] - first[i];
        SaliencyMap map = new(Maps[0].Small.Width, Maps[0].Small.Height, difference);
        return new()
        {
            Method = "difference",
            TargetName = $"{Maps[index].Letter} − {Maps[0].Letter}",
            IsSigned = true,
            Map = map,
            RawMap = map,
            Picture = Picture,
            Mapping = PictureMapping.Identity(Picture.Width, Picture.Height),
            ModelSha256 = Maps[index].Explanation.ModelSha256,
        };
    }
}

/// <summary>What one column, a model with a method and a layer, says of a picture.</summary>
internal sealed class ComparedMap(string letter, string column, Explanation explanation, Prediction prediction)
{
    /// <summary>A short name: A, B, …</summary>
    public string Letter => letter;

    public string Column => column;

    public Explanation Explanation => explanation;

    /// <summary>The map on the picture, small.</summary>
    public SaliencyMap Small { get; } = MapRecord.OnPicture(explanation);

    /// <summary>The best classes with their probabilities.</summary>
    public IReadOnlyList<(string Name, double Probability)> Top { get; } =
        [.. prediction.Ranked(Math.Min(3, prediction.Classes.Count)).Select(i => (prediction.Classes[i], (double)prediction.Probabilities[i]))];

    /// <summary>The class that is explained, and the one that is predicted where it is another.</summary>
    public string Describe()
    {
        (string name, double probability) = Top[0];
        string predicted = explanation.TargetName == name ? "" : string.Create(CultureInfo.InvariantCulture, $"; predicted: {name}, {100 * probability:0.0} %");
        return string.Create(CultureInfo.InvariantCulture, $"{explanation.TargetName}, {100 * explanation.Probability:0.0} %{predicted}");
    }
}
