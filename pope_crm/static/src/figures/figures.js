import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {formatFloat} from "@web/views/fields/formatters";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {Component, onWillStart, useState} from "@odoo/owl";

export class Figures extends Component {
    static template = "pope_crm.Figures";
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({year: false, years: [], company: "", groups: [], busy: false});
        this.env.config.setDisplayName(_t("Key Figures"));
        onWillStart(() => this.load(false));
    }

    async load(year) {
        Object.assign(this.state, await this.orm.call("pope.figures", "get_page", [year]));
    }

    show(value) {
        if (typeof value !== "number") {
            return value;
        }
        return formatFloat(value, {digits: [16, Number.isInteger(value) ? 0 : 2]});
    }

    open(cell) {
        return this.action.doAction(cell.action);
    }

    analyse(xmlid) {
        return this.action.doAction(xmlid);
    }

    async download() {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.action.doAction(await this.orm.call("pope.figures", "action_download", [this.state.year]));
        } finally {
            this.state.busy = false;
        }
    }
}

registry.category("actions").add("pope_crm.figures", Figures);
