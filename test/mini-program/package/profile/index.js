Page({
  data: { heard: [] },
  hear({ type, detail }) {
    this.setData({ heard: this.data.heard.concat([{ type, detail }]) });
  },
});
