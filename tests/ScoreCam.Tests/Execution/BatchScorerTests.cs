using FluentAssertions;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests.Execution;

public class BatchScorerTests
{
    [Fact]
    public void More_workers_than_cores_do_not_make_batches_smaller()
    {
        // Ten masks in batches of four need three batches. Workers beyond the cores do no work, so they get no batch.
        int cores = Environment.ProcessorCount;
        int batches = Math.Min(10, (3 + cores - 1) / cores * cores);
        foreach (int workers in new[] { cores, cores + 1, 64 })
        {
            using ImageModel model = ImageModel.Load(Networks.Logits(), new() { Workers = workers, BatchSize = 4 });
            var reports = new Reports();
            Explanation why = new ScoreCamExplainer(model)
                .Explain(Networks.Picture(), Target.Class(2), reports, TestContext.Current.CancellationToken);
            why.Passes.Should().Be(10);
            reports.All.Should().HaveCount(batches, $"with {workers} workers; progress is reported after every batch");
        }
    }
}
