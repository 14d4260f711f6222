using ScoreCam.Images;
using ScoreCam.Numerics;
using ScoreCam.Targets;

namespace ScoreCam.Evaluation;

/// <summary>
/// Grid pointing game (Böhle et al., "Convolutional Dynamic Alignment Networks", CVPR 2021). Pictures of different
/// classes form a grid, and each class is explained on the whole mosaic. A good map lies in the cell of its class. The
/// game needs no boxes, only pictures. Thread-safe.
/// </summary>
public sealed class GridPointingGame
{
    private readonly GridPointingGameOptions _options;

    /// <summary>Prepares a game: selects pictures and composes mosaics.</summary>
    /// <param name="model">The model. It predicts the class of each picture.</param>
    /// <param name="pictures">The pictures. Each is used at most once.</param>
    /// <param name="options">The size of the grid and the selection of pictures; null uses the defaults.</param>
    /// <param name="cancellationToken">Cancels the predictions.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">
    /// There are not enough pictures for one mosaic, because the model predicts too few classes with sufficient
    /// probability.
    /// </exception>
    public GridPointingGame(
        ImageModel model,
        IEnumerable<RgbImage> pictures,
        GridPointingGameOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(pictures);
        _options = Checked(options ?? new());
        List<(PreparedImage Image, int Class)> sure = [];
        foreach (RgbImage picture in pictures)
        {
            cancellationToken.ThrowIfCancellationRequested();
            PreparedImage image = model.Prepare(picture);
            Prediction prediction = model.Predict(image);
            if (prediction.Probabilities[prediction.Top] >= _options.MinProbability)
                sure.Add((image, prediction.Top));
        }
        Mosaics = [.. Groups(sure).Select(group => GridMosaic.Of(model.Preprocessing, _options.Grid, group))];
        if (Mosaics.Count == 0)
            throw new ArgumentException(
                $"A mosaic needs {_options.Cells} pictures of different classes, each with a probability of at least "
                + $"{_options.MinProbability}; there are {sure.DistinctBy(one => one.Class).Count()}. "
                + $"Give more pictures, or a smaller {nameof(GridPointingGameOptions.MinProbability)}.",
                nameof(pictures));
    }

    /// <summary>The mosaics of the game.</summary>
    public IReadOnlyList<GridMosaic> Mosaics { get; }

    /// <summary>Plays the game with a method.</summary>
    /// <param name="explainer">The method. Its model must have the same input and classes.</param>
    /// <param name="progress">Receives the number of finished mosaics and the total number of mosaics.</param>
    /// <param name="cancellationToken">Cancels the game.</param>
    /// <returns>
    /// One value per cell of each mosaic, 0…1, higher is better: the fraction of the map's positive sum that is in the
    /// cell of its class. A map without information gets 1 / cells on average.
    /// </returns>
    public IReadOnlyList<double> Play(
        Explainer explainer,
        IProgress<ExplainProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(explainer);
        var share = new EnergyInBox();
        List<double> values = [];
        for (int i = 0; i < Mosaics.Count; i++)
        {
            GridMosaic mosaic = Mosaics[i];
            IReadOnlyList<Explanation> maps = explainer.Explain(
                mosaic.Image, [.. mosaic.Classes.Select(Target.Class)], cancellationToken: cancellationToken);
            for (int cell = 0; cell < maps.Count; cell++)
            {
                EvaluationCase evaluation = new(explainer, mosaic.Image, maps[cell]) { Boxes = [mosaic.Cell(cell)] };
                values.Add(share.Evaluate(evaluation, cancellationToken).Value!.Value);
            }
            progress?.Report(new ExplainProgress(i + 1, Mosaics.Count));
        }
        return values;
    }

    // Forms groups of pictures with different classes, in an order that the seed determines.
    private IEnumerable<List<(PreparedImage Image, int Class)>> Groups(List<(PreparedImage Image, int Class)> pictures)
    {
        int[] order = [.. Enumerable.Range(0, pictures.Count)];
        new SeededRandom(_options.Seed).Shuffle(order);
        List<int> left = [.. order];
        for (int made = 0; made < _options.MaxMosaics; made++)
        {
            int[] chosen = [.. left.DistinctBy(i => pictures[i].Class).Take(_options.Cells)];
            if (chosen.Length < _options.Cells)
                yield break;
            left.RemoveAll(chosen.Contains);
            yield return [.. chosen.Select(i => pictures[i])];
        }
    }

    private static GridPointingGameOptions Checked(GridPointingGameOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Grid, 2, nameof(options.Grid));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Grid, 4, nameof(options.Grid));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxMosaics, 1, nameof(options.MaxMosaics));
        return options.MinProbability is >= 0 and <= 1
            ? options
            : throw new ArgumentOutOfRangeException(
                nameof(options.MinProbability), options.MinProbability, "Expected a probability, 0…1.");
    }
}

/// <summary>Options of a <see cref="GridPointingGame"/>.</summary>
public sealed record GridPointingGameOptions
{
    /// <summary>The number of rows and of columns, 2…4. The default is 2.</summary>
    public int Grid { get; init; } = 2;

    /// <summary>The largest number of mosaics, at least 1. The default is 100.</summary>
    public int MaxMosaics { get; init; } = 100;

    /// <summary>The smallest accepted probability of a picture's predicted class, 0…1. The default is 0.5.</summary>
    public float MinProbability { get; init; } = 0.5f;

    /// <summary>The seed of the selection of pictures. The default is 0.</summary>
    public int Seed { get; init; }

    internal int Cells => Grid * Grid;
}
