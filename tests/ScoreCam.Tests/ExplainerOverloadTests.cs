using FluentAssertions;
using ScoreCam.Images;
using ScoreCam.Methods.ScoreCam;
using ScoreCam.Targets;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests;

/// <summary>The overloads for tasks, several targets and sequences of pictures.</summary>
public class ExplainerOverloadTests
{
    [Fact]
    public async Task Tasks_and_sequences_give_the_same_maps_as_single_calls()
    {
        using ImageModel model = ImageModel.Load(Networks.Logits());
        CancellationToken cancel = TestContext.Current.CancellationToken;
        var explainer = new ScoreCamExplainer(model);
        Explanation expected = explainer.Explain(Networks.Picture(), Target.Class(2), null, cancel);
        Explanation one = await explainer.ExplainAsync(Networks.Picture(), Target.Class(2), null, cancel);
        one.Map.DifferenceTo(expected.Map).Should().Be(0);
        IReadOnlyList<Explanation> two =
            await explainer.ExplainAsync(Networks.Picture(), [Target.Class(1), Target.Class(2)], null, cancel);
        two[1].Map.DifferenceTo(expected.Map).Should().Be(0);

        int taken = 0;
        IEnumerable<RgbImage> Pictures()
        {
            for (byte i = 0; i < 3; i++)
            {
                taken++;
                yield return new RgbImage(2, 2, [9, 9, 9, 200, 0, 0, 0, (byte)(80 * i), 0, 0, 0, 99]);
            }
        }
        IEnumerable<Explanation> lazy = explainer.ExplainAll(Pictures(), Target.Class(2), null, cancel);
        taken.Should().Be(0);
        Explanation[] all = [.. lazy];
        taken.Should().Be(3);
        for (int i = 0; i < 3; i++)
        {
            Explanation alone = explainer.Explain(Pictures().ElementAt(i), Target.Class(2), null, cancel);
            all[i].Map.DifferenceTo(alone.Map).Should().Be(0);
        }
        FluentActions.Invoking(() => explainer.ExplainAll(null!)).Should().Throw<ArgumentNullException>();
    }
}
