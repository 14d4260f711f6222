using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.ImageSharp.Tests;

public class PublicApiTests
{
    [Fact]
    public void The_API_of_ImageSharp_is_as_reviewed() =>
        PublicApi.ShouldBeAsReviewed(typeof(ImageSharpExtensions).Assembly);
}
