using ScoreCam.Skia;
using ScoreCam.Tests.Support;
using Xunit;

namespace ScoreCam.Tests;

public class PublicApiTests
{
    [Fact]
    public void The_API_of_ScoreCam_is_as_reviewed() => PublicApi.ShouldBeAsReviewed(typeof(ImageModel).Assembly);

    [Fact]
    public void The_API_of_Skia_is_as_reviewed() => PublicApi.ShouldBeAsReviewed(typeof(SkiaImage).Assembly);
}
