using FluentAssertions;
using ScoreCam.Numerics;
using Xunit;

namespace ScoreCam.Tests.Numerics;

public class CompleteLinkageTests
{
    [Fact]
    public void Clusters_merge_while_their_farthest_members_are_nearer_than_the_cut()
    {
        // Points 0, 1, 2.5 and 10 on a line: 0 and 1 merge at 1. Their distance to 2.5 is 2.5, and to 10 it is 10.
        double[] points = [0, 10, 1, 2.5];
        Of(points, 1).Should().BeEquivalentTo(new int[][] { [0], [1], [2], [3] }, o => o.WithStrictOrdering());
        Of(points, 2.5).Should().BeEquivalentTo(new int[][] { [0, 2], [1], [3] }, o => o.WithStrictOrdering());
        Of(points, 2.6).Should().BeEquivalentTo(new int[][] { [0, 2, 3], [1] }, o => o.WithStrictOrdering());
        Of(points, 11).Should().BeEquivalentTo(new int[][] { [0, 1, 2, 3] }, o => o.WithStrictOrdering());
    }

    [Fact]
    public void No_items_and_one_item_can_be_clustered()
    {
        Of([], 1).Should().BeEmpty();
        Of([3], 1).Should().BeEquivalentTo(new int[][] { [0] });
    }

    [Theory]
    [InlineData(2, 0.4)]
    [InlineData(17, 0.3)]
    [InlineData(60, 0.2)]
    [InlineData(61, 0.7)]
    public void The_clusters_equal_those_of_repeatedly_merging_the_nearest_pair(int count, double cut)
    {
        var random = new Random(count);
        var distances = new double[count, count];
        for (int i = 0; i < count; i++)
            for (int j = i + 1; j < count; j++)
                distances[i, j] = distances[j, i] = random.NextDouble();

        List<List<int>> expected = [.. Enumerable.Range(0, count).Select(i => new List<int> { i })];
        while (true)
        {
            double Farthest(List<int> a, List<int> b) => a.Max(i => b.Max(j => distances[i, j]));
            (List<int> A, List<int> B)[] pairs =
                [.. expected.SelectMany((a, i) => expected.Skip(i + 1).Select(b => (a, b)))];
            if (pairs.Length == 0 || pairs.MinBy(p => Farthest(p.A, p.B)) is var (a, b) && Farthest(a, b) >= cut)
                break;
            (List<int> first, List<int> second) = pairs.MinBy(p => Farthest(p.A, p.B));
            first.AddRange(second);
            expected.Remove(second);
        }

        int[][] ordered = [.. expected.Select(c => c.Order().ToArray()).OrderBy(c => c[0])];
        CompleteLinkage.Cluster((double[,])distances.Clone(), cut, TestContext.Current.CancellationToken)
            .Should().BeEquivalentTo(ordered, o => o.WithStrictOrdering());
    }

    [Fact]
    public void Clustering_can_be_cancelled() =>
        FluentActions.Invoking(() => CompleteLinkage.Cluster(new double[3, 3], 1, new(canceled: true)))
            .Should().Throw<OperationCanceledException>();

    private static int[][] Of(double[] points, double cut)
    {
        var distances = new double[points.Length, points.Length];
        for (int i = 0; i < points.Length; i++)
            for (int j = 0; j < points.Length; j++)
                distances[i, j] = Math.Abs(points[i] - points[j]);
        return CompleteLinkage.Cluster(distances, cut, TestContext.Current.CancellationToken);
    }
}
