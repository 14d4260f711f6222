using FluentAssertions;
using ScoreCam.Methods.Activation;
using ScoreCam.Methods.Perturbation;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Methods;

public class ProgressTests
{
    [Fact]
    public void Methods_that_mask_the_picture_or_the_layer_report_the_total_number_of_passes()
    {
        using ImageModel model = ImageModel.Load(Tiny.PoolAndGemm().ToBytes());
        All(new RiseExplainer(model, new() { Masks = 7, GridSize = 2 })).Should()
            .OnlyContain(progress => progress.Total == 7).And.Contain(progress => progress.Done == 7);
        // One pass for each position of the layer's 8 × 8.
        All(new ReciproCamExplainer(model)).Should()
            .OnlyContain(progress => progress.Total == 64).And.Contain(progress => progress.Done == 64);
    }

    private static IReadOnlyList<ExplainProgress> All(Explainer explainer)
    {
        var reports = new Reports();
        explainer.Explain(Tiny.Picture(), progress: reports, cancellationToken: TestContext.Current.CancellationToken);
        return reports.All;
    }
}
