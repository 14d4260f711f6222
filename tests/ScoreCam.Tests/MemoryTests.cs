using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.Controls;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests;

/// <summary>These tests measure the allocations of the whole process, so no other test runs at the same time.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
public class MemoryCollection;

[Collection(nameof(MemoryTests))]
public class MemoryTests
{
    [Fact]
    public void The_masked_pictures_are_not_all_in_memory_at_once()
    {
        const int Side = 256, Channels = 128;
        byte[] network = new TinyModel().Input("image", -1, 3, Side, Side).Conv("conv", Channels, stride: 8)
            .Relu("relu").GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5).Output().ToBytes();
        using ImageModel model = ImageModel.Load(network);
        model.Explain(Networks.Picture(1, 3, Side, Side));

        PreparedImage picture = Networks.Picture(2, 3, Side, Side);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        Explanation why = model.Explain(picture);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        why.Passes.Should().BeGreaterThan(Channels / 2);
        allocated.Should().BeLessThan(10_000_000, $"all of them take {4L * 3 * Side * Side * Channels:N0} bytes");
    }

    [Fact]
    public void The_activation_maps_are_allocated_once()
    {
        const int Side = 256, Channels = 128, Maps = 4 * Channels * (Side / 4) * (Side / 4);
        byte[] network = new TinyModel().Input("image", -1, 3, Side, Side).Conv("conv", Channels, stride: 4)
            .Relu("relu").GlobalAveragePool("gap").Flatten("flat").Gemm("logits", 5).Output().ToBytes();
        using ImageModel model = ImageModel.Load(network);
        MeanActivationExplainer explainer = new(model);
        PreparedImage picture = Networks.Picture(1, 3, Side, Side);
        explainer.Explain(picture, cancellationToken: TestContext.Current.CancellationToken);

        long before = GC.GetTotalAllocatedBytes(precise: true);
        explainer.Explain(picture, cancellationToken: TestContext.Current.CancellationToken);
        long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
        allocated.Should().BeInRange(Maps, 2 * Maps, $"the maps take {Maps:N0} bytes");
    }
}
